using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Storage;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A database of the shared PostgreSQL.</summary>
/// <param name="appendsOneAlone">A message that is appended alone takes the statements for one.</param>
internal sealed class PostgresUnderTest(bool appendsOneAlone = true) : IDatabaseUnderTest
{
    private readonly TemporaryDirectory _folder = new();
    private string? _name;

    public async Task<IStores> OpenAsync(ISubmissionSink sink) => await OpenAsync(sink, _folder.Path);

    /// <summary>Opens the stores as another node does, with a data folder of its own.</summary>
    public async Task<PostgresStores> OpenAsync(ISubmissionSink sink, string folder)
    {
        _name ??= await SharedPostgres.NewDatabaseAsync();
        var server = await SharedPostgres.ServerAsync();
        var stores = new PostgresStores(await PostgresParts.StartAsync(server.ConnectionString(_name), sink, appendsOneAlone: appendsOneAlone), folder);
        await stores.StartAsync();
        return stores;
    }

    public async ValueTask DisposeAsync()
    {
        if (_name is not null)
            await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
        _folder.Dispose();
    }
}

/// <summary>The stores on a PostgreSQL database, as one node has them.</summary>
internal sealed class PostgresStores : IStores
{
    private readonly PostgresParts _parts;
    private readonly PostgresRiskRecords _risks;

    public PostgresStores(PostgresParts parts, string folder)
    {
        _parts = parts;
        Folder = folder;
        var database = parts.Database;
        UsedIds = new PostgresUsedIdStore(database);
        Accounts = new PostgresAccountStore(database);
        PageSessions = new PostgresPageSessionStore(database);
        Tags = new PostgresTagStore(database);
        StreamKeys = new PostgresStreamKeyStore(database);
        Covers = new PostgresCoverStore(database);
        Restrictions = new PostgresRestrictionStore(database);
        Revocations = new PostgresRevocationStore(database);
        Suspensions = new PostgresSuspensionStore(database);
        LivingHistory = new PostgresLivingHistory(database);
        Living = new PostgresLivingStore(database, parts.Log);
        Avatars = new PostgresAvatarStore(database, new NoChanges());
        Keys = new PostgresKeyRepository(database);
        Apps = new PostgresAppStore(database, parts.Lease, Options.Create(new ServerOptions { DataDir = folder }));
        _risks = new PostgresRiskRecords(database, Options.Create(new StorageOptions()), TimeProvider.System, NullLogger<PostgresRiskRecords>.Instance);
    }

    public PostgresDatabase Database => _parts.Database;

    public IMessageLog Log => _parts.Log;

    public IMessageHistory History => _parts.History;

    public IPositionStore Positions => _parts.Positions;

    public IUsedIdStore UsedIds { get; }

    public IAccountStore Accounts { get; }

    public IPageSessionStore PageSessions { get; }

    public ITagStore Tags { get; }

    public IStreamKeyStore StreamKeys { get; }

    public IRestrictionStore Restrictions { get; }

    public IRevocationStore Revocations { get; }

    public ISuspensionStore Suspensions { get; }

    public ILivingStore Living { get; }

    public ILivingHistory LivingHistory { get; }

    public ICoverStore Covers { get; }

    public IAvatarStore Avatars { get; }

    public IXmlRepository Keys { get; }

    public IRiskRecords Risks => _risks;

    public IAppStore Apps { get; }

    public string Folder { get; }

    public ILockout NewLockout(AccountOptions options, TimeProvider time) => new PostgresLockout(Database, Options.Create(options), time);

    public async Task<IReadOnlyList<RiskRecord>> ReadRisksAsync() => await Database.ReadAsync(connection => connection.ListAsync(
        row => new RiskRecord(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt64(6)),
        "SELECT app_id, user_id, conversation, action, word, content, created_at FROM risk_record"));

    public IDisposable Hold() => _parts.Hold();

    public Task StartAsync() => _risks.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Wait.Limit);
        await _risks.StopAsync(limit.Token);
        _risks.Dispose();
        await _parts.DisposeAsync();
    }
}
