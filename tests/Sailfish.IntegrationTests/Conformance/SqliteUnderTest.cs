using Sailfish.IntegrationTests.Storage;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A SQLite file.</summary>
internal sealed class SqliteUnderTest : IDatabaseUnderTest
{
    private readonly TemporaryDirectory _folder = new();

    public async Task<IStores> OpenAsync(ISubmissionSink sink)
    {
        var stores = new SqliteStores(_folder.Path, sink);
        await stores.StartAsync();
        return stores;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The stores on a SQLite file, with its writer.</summary>
internal sealed class SqliteStores : IStores
{
    private readonly LogParts _parts;
    private readonly SqliteUsedIdStore _usedIds;

    public SqliteStores(string folder, ISubmissionSink sink)
    {
        _parts = new LogParts(folder: folder, sink: sink);
        var (database, writer) = (_parts.Database, _parts.Writer);
        _usedIds = new SqliteUsedIdStore(database, writer);
        Accounts = new SqliteAccountStore(database, writer);
        PageSessions = new SqlitePageSessionStore(database, writer);
        Tags = new SqliteTagStore(database, writer);
        Restrictions = new SqliteRestrictionStore(database, writer);
        Revocations = new SqliteRevocationStore(database, writer);
        Suspensions = new SqliteSuspensionStore(database, writer);
        LivingHistory = new SqliteLivingHistory(database);
        Living = new SqliteLivingStore(writer, _parts.Log);
    }

    public IMessageLog Log => _parts.Log;

    public IMessageHistory History => _parts.History;

    public IPositionStore Positions => _parts.Positions;

    public IUsedIdStore UsedIds => _usedIds;

    public IAccountStore Accounts { get; }

    public IPageSessionStore PageSessions { get; }

    public ITagStore Tags { get; }

    public IRestrictionStore Restrictions { get; }

    public IRevocationStore Revocations { get; }

    public ISuspensionStore Suspensions { get; }

    public ILivingStore Living { get; }

    public ILivingHistory LivingHistory { get; }

    public Task StartAsync() => _parts.Writer.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Wait.Limit);
        await _parts.Writer.StopAsync(limit.Token);
        _usedIds.Dispose();
        _parts.Dispose();
    }
}
