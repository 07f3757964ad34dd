using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Storage;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Messaging;
using Sailfish.Server.Page;
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
    private readonly SqliteAvatarStore _avatars;

    public SqliteStores(string folder, ISubmissionSink sink)
    {
        Folder = folder;
        var options = Options.Create(new ServerOptions { DataDir = folder });
        _parts = new LogParts(folder: folder, sink: sink);
        var (database, writer) = (_parts.Database, _parts.Writer);
        _usedIds = new SqliteUsedIdStore(database, writer);
        var accounts = new SqliteAccountStore(database, writer);
        Accounts = accounts;
        _avatars = new SqliteAvatarStore(options, accounts);
        Keys = new FileSystemXmlRepository(Directory.CreateDirectory(Path.Combine(folder, PageServices.KeysFolder)), NullLoggerFactory.Instance);
        Risks = new SqliteRiskRecords(writer, _parts.Space, NullLogger<SqliteRiskRecords>.Instance);
        Apps = new AppFile(options);
        PageSessions = new SqlitePageSessionStore(database, writer);
        Tags = new SqliteTagStore(database, writer);
        StreamKeys = new SqliteStreamKeyStore(database, writer);
        Covers = new SqliteCoverStore(database, writer, _parts.Space);
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

    public IStreamKeyStore StreamKeys { get; }

    public IRestrictionStore Restrictions { get; }

    public IRevocationStore Revocations { get; }

    public ISuspensionStore Suspensions { get; }

    public ILivingStore Living { get; }

    public ILivingHistory LivingHistory { get; }

    public ICoverStore Covers { get; }

    public IAvatarStore Avatars => _avatars;

    public IXmlRepository Keys { get; }

    public IRiskRecords Risks { get; }

    public IAppStore Apps { get; }

    public string Folder { get; }

    public ILockout NewLockout(AccountOptions options, TimeProvider time) => new Lockout(Options.Create(options), time);

    public async Task<IReadOnlyList<RiskRecord>> ReadRisksAsync()
    {
        await using var connection = await _parts.Database.OpenReaderAsync();
        return [.. await connection.QueryAsync<RiskRecord>(
            "SELECT app_id AS AppId, user_id AS UserId, conversation AS Conversation, action AS Action, word AS Word, content AS Content, created_at AS Time FROM risk_record")];
    }

    public IDisposable Hold() => new HeldWriter(_parts.Writer);

    public Task StartAsync() => _parts.Writer.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Wait.Limit);
        await _parts.Writer.StopAsync(limit.Token);
        _usedIds.Dispose();
        _avatars.Dispose();
        _parts.Dispose();
    }
}
