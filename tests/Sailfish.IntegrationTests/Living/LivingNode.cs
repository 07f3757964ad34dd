using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Storage;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Living;

/// <summary>What one of several nodes has of living rooms, in this process. Its keeper does a round when it is told to.</summary>
internal sealed class LivingNode : IAsyncDisposable
{
    public const long App = 1;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PostgresParts _parts;
    private readonly Completions _told;
    private readonly LivingFollower _follower;
    private readonly RoomService _joins;
    private readonly LivingKeeper _keeper;

    private LivingNode(PostgresParts parts, Completions told)
    {
        (_parts, _told) = (parts, told);
        var (database, apps) = (parts.Database, new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]));
        var (options, roomsOptions) = (Options.Create(new LivingOptions()), Options.Create(new RoomsOptions()));
        Shared = new PostgresSharedLiving(database, parts.Log, parts.Lease);
        Store = new PostgresLivingStore(database, parts.Log);
        History = new PostgresLivingHistory(database);
        Table = new LivingTable(History, apps, Time);
        _follower = new LivingFollower(Shared, Table, new NoChanges());
        Rooms = new RoomTable(roomsOptions);
        var (bus, epochs) = (new InProcessBus(_services.GetRequiredService<IMeterFactory>()), new EpochClock(parts.Lease));
        var restrictions = new RoomRestrictions(new PostgresRestrictionStore(database), Time);
        _joins = new RoomService(Rooms, new RoomExits(Rooms, bus, epochs), restrictions, parts.History, Table, bus, epochs, roomsOptions, news: _follower);
        Snapshot = new LivingSnapshot(Table, Rooms, new CoverTable(new PostgresCoverStore(database), new PathBase(Options.Create(new HttpOptions()))), Streams);
        var accounts = new AccountDirectory(new PostgresAccountStore(database), apps);
        var states = new RoomStates(Table, Rooms, new RoomViewers(Rooms), Streams, accounts, Time, NullLogger<RoomStates>.Instance);
        Living = new LivingService(
            Store, Table, new SharedStarter(Store, Table, _follower, Time), Snapshot, _joins, states, new MessageWriter(parts.Log, Rooms, Time),
            new PostgresTagStore(database), options, Time, NullLogger<LivingService>.Instance, _follower);
        Watch = new SharedAnchorWatch(Shared, Table, Rooms, Streams, new PostgresLeader(database, parts.Lease), new CalmTime(Time), options, Time);
        _keeper = new LivingKeeper(
            Table, Snapshot, Living, states, Watch, Rooms, accounts, Time, NullLogger<LivingKeeper>.Instance);
    }

    /// <summary>Of what the node measures itself; the database has its own clock.</summary>
    public FakeTimeProvider Time { get; } = new();

    public PostgresSharedLiving Shared { get; }

    public PostgresLivingStore Store { get; }

    public PostgresLivingHistory History { get; }

    public LivingTable Table { get; }

    public SetStreams Streams { get; } = new();

    public RoomTable Rooms { get; }

    public LivingSnapshot Snapshot { get; }

    public LivingService Living { get; }

    public SharedAnchorWatch Watch { get; }

    public long Generation => _parts.Lease.Generation;

    /// <summary>Ends of rooms that this node has stored.</summary>
    public int Ends => _told.All.Count(s => s is { Closes: true, Stored: not null });

    public static async Task<LivingNode> StartAsync(string connectionString)
    {
        var told = new Completions();
        return new LivingNode(await PostgresParts.StartAsync(connectionString, told), told);
    }

    public static RoomKey Key(long room) => new(App, room);

    public Task<LivingRoom> StartAsync(long anchor) =>
        Living.StartAsync(App, new Account(anchor, "anna", "hash", "Anna", null), 1, null, "", CancellationToken.None);

    /// <summary>A round of the keeper, of those things that take the store.</summary>
    public Task RoundAsync() => _keeper.StoreAsync();

    /// <summary>So many seconds, with a round in each.</summary>
    public async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await RoundAsync();
        }
    }

    public async Task<Session> JoinAsync(long room, long user)
    {
        var session = PipeSession.New(App, user);
        await _joins.JoinAsync(session, new RoomRequest { RoomId = room });
        return session;
    }

    public void Leave(Session session, long room) => _joins.Leave(session, room);

    public Task<T> SqlAsync<T>(string sql) => _parts.SqlAsync<T>(sql);

    public async ValueTask DisposeAsync()
    {
        _keeper.Dispose();
        Living.Dispose();
        _follower.Dispose();
        await _parts.DisposeAsync();
        await _services.DisposeAsync();
    }
}
