using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What two nodes of one database know of each other's viewers.</summary>
public sealed class PostgresRoomCountsTests : IAsyncLifetime
{
    private static readonly RoomKey Room = new(10_001, 7);

    private readonly FakeTimeProvider _time = new();
    private string _name = "";
    private PostgresDatabase? _database;
    private Node? _one;
    private Node? _two;

    private PostgresDatabase Database => _database!;

    private Node One => _one!;

    private Node Two => _two!;

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        _database = new PostgresDatabase(
            Options.Create(new ClusterOptions { Database = (await SharedPostgres.ServerAsync()).ConnectionString(_name) }), NullLogger<PostgresDatabase>.Instance);
        (_one, _two) = (await StartAsync(), await StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in new[] { _one, _two })
            await (node?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_database is not null)
            await _database.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task Each_node_sees_those_of_the_other_after_a_turn_of_each()
    {
        await AttendAsync(One, Room);
        await AttendAsync(Two, Room);
        One.Rooms.Add(Room, 10_001);
        One.Rooms.Add(Room, 10_001);
        One.Rooms.Add(Room, 10_002);
        var member = Two.Rooms.Add(Room, 10_001);
        await TurnsAsync(One, Two, One);
        Assert.Equal((1, 2), (One.Counts.Find(Room)!.Viewers, Two.Counts.Find(Room)!.Viewers));
        Assert.Equal((3, 3), (One.Viewers.Of(Room), Two.Viewers.Of(Room)));
        Assert.Equal([Two.Lease.Generation], One.Counts.Find(Room)!.Nodes);
        Two.Rooms.Add(Room, 10_003);
        Two.Rooms.Remove(member);
        Two.Rooms.Add(Room, 10_004);
        await TurnsAsync(Two, One);
        Assert.Equal(4, One.Viewers.Of(Room));
    }

    [Fact]
    public async Task A_room_that_was_left_has_nobody_and_keeps_its_peak_while_it_is_attended()
    {
        await AttendAsync(Two, Room);
        List<RoomMember> members = [Two.Rooms.Add(Room, 10_001), Two.Rooms.Add(Room, 10_002)];
        await TurnsAsync(Two);
        members.ForEach(Two.Rooms.Remove);
        Assert.Empty(Two.Rooms.All);
        await TurnsAsync(Two);
        var left = await ReadAsync(One);
        Assert.Equal((0, 2), (left.Viewers, left.Peak));
        Assert.Equal([Two.Lease.Generation], left.Nodes);
        await SqlAsync("DELETE FROM room_node");
        Assert.Same(RoomElsewhere.Nobody, await ReadAsync(One));
    }

    [Fact]
    public async Task A_peak_is_the_most_that_all_nodes_together_had()
    {
        await AttendAsync(One, Room);
        await AttendAsync(Two, Room);
        for (var user = 10_001; user <= 10_003; user++)
            One.Rooms.Add(Room, user);
        List<RoomMember> members = [Two.Rooms.Add(Room, 10_004), Two.Rooms.Add(Room, 10_005)];
        // The second one sees those of the first one, and then tells.
        await TurnsAsync(One, Two, Two);
        Assert.Equal(5, Two.Rooms.Find(Room)!.Peak);
        members.ForEach(Two.Rooms.Remove);
        await TurnsAsync(Two, One);
        Assert.Equal(new RoomAudience(3, 5), await One.Viewers.ReadAsync(Room, CancellationToken.None));
    }

    [Fact]
    public async Task A_node_whose_lease_has_ended_does_not_count()
    {
        await AttendAsync(Two, Room);
        Two.Rooms.Add(Room, 10_001);
        await TurnsAsync(Two);
        Assert.Equal(1, (await ReadAsync(One)).Viewers);
        await SqlAsync($"UPDATE node SET lease_until = clock_timestamp() WHERE generation = {Two.Lease.Generation}");
        Assert.Same(RoomElsewhere.Nobody, await ReadAsync(One));
        await TurnsAsync(One);
        Assert.Same(RoomElsewhere.Nobody, One.Counts.Find(Room));
    }

    [Fact]
    public async Task A_node_changes_rows_of_its_own_alone_and_makes_none()
    {
        One.Rooms.Add(Room, 10_001);
        await AttendAsync(Two, Room);
        await SqlAsync("UPDATE room_node SET viewers = 5, peak = 6");
        await TurnsAsync(One, One);
        Assert.Equal($"{Two.Lease.Generation} 5 6", await TextAsync("SELECT string_agg(node || ' ' || viewers || ' ' || peak, ',') FROM room_node"));
    }

    /// <summary>As after a crash of the database: the room is attended again, and nothing of it has changed here.</summary>
    [Fact]
    public async Task A_row_that_was_lost_and_made_again_is_filled_again()
    {
        await AttendAsync(Two, Room);
        Two.Rooms.Add(Room, 10_001);
        await TurnsAsync(Two, Two);
        await SqlAsync("DELETE FROM room_node");
        await AttendAsync(Two, Room);
        await TurnsAsync(Two);
        Assert.Equal(1, (await ReadAsync(One)).Viewers);
    }

    [Fact]
    public async Task A_node_that_begins_anew_goes_on_under_its_new_number()
    {
        await AttendAsync(Two, Room);
        Two.Rooms.Add(Room, 10_001);
        await TurnsAsync(Two);
        Two.Lease.Begin(await NewNodeAsync(), long.MaxValue);
        await AttendAsync(Two, Room);
        await SqlAsync("UPDATE room_node SET viewers = 0");
        await TurnsAsync(Two);
        Assert.Equal($"{Two.Lease.Generation}", await TextAsync("SELECT string_agg(node::text, ',') FROM room_node WHERE viewers = 1"));
    }

    [Fact]
    public async Task A_room_that_nobody_is_in_here_is_read_once_and_then_known_for_as_long_as_it_is_asked_for()
    {
        await AttendAsync(Two, Room);
        Two.Rooms.Add(Room, 10_001);
        await TurnsAsync(Two);
        Assert.Null(One.Counts.Find(Room));
        Assert.Equal(1, (await One.Viewers.ReadAsync(Room, CancellationToken.None)).Viewers);
        Two.Rooms.Add(Room, 10_002);
        await TurnsAsync(Two, One);
        Assert.Equal(2, One.Viewers.Of(Room));
        _time.Advance(TimeSpan.FromSeconds(10));
        await TurnsAsync(One);
        Assert.Null(One.Counts.Find(Room));
    }

    [Fact]
    public async Task Turns_come_by_themselves_and_go_on_after_one_that_failed()
    {
        await AttendAsync(One, Room);
        await AttendAsync(Two, Room);
        await using var first = await StartAsync(One);
        await using var second = await StartAsync(Two);
        first.Rooms.Add(Room, 10_001);
        second.Rooms.Add(Room, 10_002);
        await Wait.UntilAsync(() => first.Viewers.Of(Room) == 2 && second.Viewers.Of(Room) == 2);
        await SqlAsync("ALTER TABLE room_node RENAME TO gone");
        await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(first));
        Assert.Equal(2, first.Viewers.Of(Room));
        // For as long as a turn of each takes, which fails.
        await Pause.ForAsync(TimeSpan.FromSeconds(2));
        second.Rooms.Add(Room, 10_003);
        await SqlAsync("ALTER TABLE gone RENAME TO room_node");
        await Wait.UntilAsync(() => first.Viewers.Of(Room) == 3);
    }

    [Fact]
    public async Task Many_rooms_are_counted_by_one_statement()
    {
        List<RoomKey> keys = [.. Enumerable.Range(1, 2000).Select(id => new RoomKey(10_001, id))];
        await SqlAsync($"INSERT INTO room_node (app_id, room_id, node) SELECT 10001, id, node FROM generate_series(1, 2000) id, unnest(ARRAY[{One.Lease.Generation}, {Two.Lease.Generation}]) node");
        foreach (var key in keys)
        {
            One.Rooms.Add(key, 10_001);
            Two.Rooms.Add(key, 10_000 + key.RoomId);
        }

        await TurnsAsync(One, Two, One);
        Assert.All(keys, key => Assert.Equal((2, 2), (One.Viewers.Of(key), Two.Viewers.Of(key))));
    }

    private static async Task TurnsAsync(params Node[] nodes)
    {
        foreach (var node in nodes)
            await node.Counts.ExchangeAsync(CancellationToken.None);
    }

    private static async Task<RoomElsewhere> ReadAsync(Node node) => await node.Counts.ReadAsync(Room, CancellationToken.None);

    /// <summary>What a node notes when somebody is the first to join a room there.</summary>
    private Task AttendAsync(Node node, RoomKey room) =>
        SqlAsync($"INSERT INTO room_node (app_id, room_id, node) VALUES ({room.AppId}, {room.RoomId}, {node.Lease.Generation})");

    private async Task<Node> StartAsync() => NewNode(new NodeLease(await NewNodeAsync(), TimeProvider.System), _time);

    /// <summary>The same node by a clock that goes.</summary>
    private async Task<Node> StartAsync(Node node)
    {
        var started = NewNode(node.Lease, TimeProvider.System);
        await started.Counts.StartAsync(CancellationToken.None);
        return started;
    }

    private Node NewNode(NodeLease lease, TimeProvider time)
    {
        var rooms = new RoomTable(Options.Create(new RoomsOptions()));
        var counts = new PostgresRoomCounts(Database, lease, rooms, time, NullLogger<PostgresRoomCounts>.Instance);
        return new Node(lease, rooms, counts, new RoomViewers(rooms, counts));
    }

    private async Task<long> NewNodeAsync() => long.Parse(await TextAsync("INSERT INTO node (name, version, lease_until) VALUES ('test', '', 'infinity') RETURNING generation"), null);

    private Task SqlAsync(string sql) => Database.WriteAsync(async connection => { await connection.ExecuteAsync(sql); });

    private Task<string> TextAsync(string sql) => Database.WriteAsync(async connection =>
    {
        await using var command = connection.Command(sql);
        return $"{await command.ExecuteScalarAsync()}";
    });

    private sealed record Node(NodeLease Lease, RoomTable Rooms, PostgresRoomCounts Counts, RoomViewers Viewers) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Counts.StopAsync(CancellationToken.None);
            Counts.Dispose();
        }
    }
}
