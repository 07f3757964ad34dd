using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Messaging;

/// <summary>The rows of mutes, bans and revocations, on a file.</summary>
public sealed class RestrictionRowsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sailfish-test-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;

    public RestrictionRowsTests()
    {
        var options = Options.Create(new StorageOptions());
        _database = new SqliteDatabase(Options.Create(new ServerOptions { DataDir = _folder }), options, NullLogger<SqliteDatabase>.Instance);
        _writer = new SqliteWriter(_database, options, new StorageMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<SqliteWriter>.Instance);
    }

    [Fact]
    public async Task Rows_of_what_has_ended_are_deleted_also_when_there_are_many_and_the_others_stay()
    {
        await _writer.StartAsync(CancellationToken.None);
        var store = new SqliteRestrictionStore(_database, _writer);
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(i =>
            store.SaveAsync(new RoomRestriction(new RestrictionKey(1, 7, 10_000 + i, (RestrictionKind)(i % 2)), i % 12 == 0 ? 2000 : 1000), CancellationToken.None)));
        await store.RemoveEndedAsync(1000, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (10_000L + (12 * i), 2000L)), Rows("SELECT user_id, until FROM room_restriction ORDER BY user_id"));
        await _writer.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_revocation_is_never_set_back()
    {
        await _writer.StartAsync(CancellationToken.None);
        var store = new SqliteRevocationStore(_database, _writer);
        foreach (var before in new[] { 5L, 9, 7 })
            await store.SaveAsync(new Revocation(1, 10_001, before), CancellationToken.None);
        Assert.Equal([(10_001L, 9L)], Rows("SELECT user_id, revoked_before FROM user_state"));
        await _writer.StopAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private List<(long User, long Value)> Rows(string sql)
    {
        using var connection = _database.OpenReader();
        return [.. connection.Query<(long, long)>(sql)];
    }
}
