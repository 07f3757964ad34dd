using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>Where nodes note which rooms' messages they are to be brought.</summary>
public sealed class PostgresRoomRoutesTests : IAsyncLifetime
{
    private const long App = StoreConformance.App;

    private string _name = "";
    private string _connectionString = "";
    private PostgresParts? _parts;
    private PostgresRoomRoutes? _routes;

    private PostgresParts Parts => _parts!;

    private PostgresRoomRoutes Routes => _routes!;

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        _connectionString = (await SharedPostgres.ServerAsync()).ConnectionString(_name);
        _parts = await PostgresParts.StartAsync(_connectionString, new Completions());
        _routes = new PostgresRoomRoutes(Parts.Database, Parts.Lease, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task What_is_said_after_it_is_noted_is_for_this_node_until_it_is_noted_that_it_is_not()
    {
        await using var other = await PostgresParts.StartAsync(_connectionString, new Completions());
        var others = new PostgresRoomRoutes(other.Database, other.Lease, TimeProvider.System);
        await AttendAsync(7);
        // Once more, as after a restart of the database that lost nothing.
        await AttendAsync(7);
        await others.AttendAsync(new RoomKey(App, 7), CancellationToken.None);
        await others.AttendAsync(new RoomKey(App, 8), CancellationToken.None);
        Assert.Equal([Parts.Lease.Generation, other.Lease.Generation], (await NodesAsync(other, 7)).Order());
        await others.LeaveAsync(new RoomKey(App, 7), CancellationToken.None);
        // The last one there has left; the room lives on here.
        Assert.Equal([Parts.Lease.Generation], await NodesAsync(other, 7));
        Assert.Equal([other.Lease.Generation], await NodesAsync(other, 8));
        await LeaveAsync(7);
        Assert.Empty(await NodesAsync(other, 7));
    }

    [Fact]
    public async Task Many_at_once_are_noted_together()
    {
        const int Rooms = 2500;
        var before = await CommitsAsync();
        await Task.WhenAll(Enumerable.Range(1, Rooms).Select(room => AttendAsync(room)));
        Assert.Equal(Rooms, await CountAsync("room_node"));
        await Task.WhenAll(Enumerable.Range(1, Rooms).Select(room => LeaveAsync(room)));
        Assert.Equal(0, await CountAsync("room_node"));
        Assert.InRange(await CommitsAsync() - before, 0, Rooms / 10);
    }

    [Fact]
    public async Task What_is_asked_of_one_room_is_done_in_its_order()
    {
        List<Task> asked = [];
        for (var i = 0; i < 50; i++)
        {
            asked.Add(AttendAsync(7));
            asked.Add(LeaveAsync(7));
            asked.Add(AttendAsync(8));
        }

        asked.Add(AttendAsync(7));
        await Task.WhenAll(asked);
        Assert.Equal(2, await CountAsync("room_node"));
    }

    /// <summary>Whoever sits in a room must not find an anchor there.</summary>
    [Fact]
    public async Task A_room_that_somebody_is_in_does_not_become_a_living_room()
    {
        await AttendAsync(7);
        await AttendAsync(LivingRoom.FirstId);
        var started = await StartAsync();
        Assert.True(started > LivingRoom.FirstId);
        // A living room is one that its id is taken by already.
        await AttendAsync(started);
        Assert.Equal(3, await CountAsync("room_node"));
    }

    [Fact]
    public async Task A_living_room_that_starts_while_somebody_comes_into_a_room_of_its_id_waits_for_it()
    {
        await using var other = await Parts.Database.Source.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.NumberAsync(RoomRoutesSql.Change, Parts.Lease.Generation, (long[])[App], (long[])[LivingRoom.FirstId], (long[])[], (long[])[], LivingRoom.FirstId);
        var starting = StartAsync();
        // Time in which it would have started.
        await Pause.ForAsync(300);
        Assert.False(starting.IsCompleted);
        await transaction.CommitAsync();
        Assert.True(await starting > LivingRoom.FirstId);
    }

    /// <summary>Else everybody could fill the database, as fast as he may join.</summary>
    [Fact]
    public async Task Rooms_that_nobody_is_in_any_more_leave_nothing()
    {
        for (var room = LivingRoom.FirstId; room < LivingRoom.FirstId + 20; room++)
        {
            await AttendAsync(room);
            await LeaveAsync(room);
        }

        Assert.Equal(0, await CountAsync("used_room"));
        Assert.Equal(0, await CountAsync("room_node"));
        Assert.Equal(LivingRoom.FirstId, await StartAsync());
    }

    [Fact]
    public async Task A_node_whose_lease_has_ended_waits_for_its_renewal()
    {
        await LeaseAsync("-infinity");
        var attend = AttendAsync(7);
        // Some tries, in any of which it could be noted.
        await Pause.ForAsync(300);
        Assert.False(attend.IsCompleted);
        Assert.Equal(0, await CountAsync("room_node"));
        await LeaseAsync("infinity");
        await attend;
        Assert.Equal(1, await CountAsync("room_node"));
    }

    [Fact]
    public async Task A_node_that_has_no_lease_notes_nothing_and_says_so()
    {
        await LeaseAsync("-infinity");
        await Assert.ThrowsAsync<TimeoutException>(() => AttendAsync(7));
        await LeaveAsync(8);
        Assert.Equal(0, await CountAsync("room_node"));
        await LeaseAsync("infinity");
        await AttendAsync(7);
        Assert.Equal(1, await CountAsync("room_node"));
    }

    private Task AttendAsync(long room) => Routes.AttendAsync(new RoomKey(App, room), CancellationToken.None).AsTask();

    private Task LeaveAsync(long room) => Routes.LeaveAsync(new RoomKey(App, room), CancellationToken.None).AsTask();

    /// <summary>Starts a living room; gives its id.</summary>
    private async Task<long> StartAsync() => (await new PostgresLivingStore(Parts.Database, Parts.Log).StartAsync(
        new LivingRoomRow(LivingRoom.FirstId, App, StoreConformance.Ann, 1, "room", 1, 0, 0), CancellationToken.None))!.Id;

    /// <summary>Where the next message of a room goes.</summary>
    private static async Task<IReadOnlyList<long>> NodesAsync(PostgresParts sender, long room)
    {
        var message = TestMessage.Of(ConversationKey.Room(App, room), StoreConformance.Ann);
        await sender.Log.AppendAsync(message, CancellationToken.None);
        await message.WhenToldAsync();
        return message.Nodes!;
    }

    private Task<int> CountAsync(string table) => Parts.SqlAsync<int>($"SELECT count(*) FROM {table}");

    /// <summary>Transactions that wrote, until now.</summary>
    private Task<long> CommitsAsync() => Parts.SqlAsync<long>("SELECT pg_current_xact_id()::text::bigint");

    private Task<int> LeaseAsync(string until) =>
        Parts.SqlAsync<int>($"UPDATE node SET lease_until = '{until}' WHERE generation = {Parts.Lease.Generation} RETURNING 1");
}
