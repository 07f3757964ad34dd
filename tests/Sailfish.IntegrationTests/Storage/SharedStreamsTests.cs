using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>Which of two nodes has a room's stream.</summary>
public sealed class SharedStreamsTests : IAsyncLifetime
{
    private static readonly RoomKey Room = new(1, 1_000_001);

    private string _name = "";
    private PostgresDatabase? _database;
    private long _one;
    private long _two;

    private PostgresDatabase Database => _database!;

    private PostgresSharedStreams Streams => new(Database);

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        var options = Options.Create(new ClusterOptions { Database = (await SharedPostgres.ServerAsync()).ConnectionString(_name), Advertise = "http://10.0.0.1:10102/" });
        _database = new PostgresDatabase(options, NullLogger<PostgresDatabase>.Instance);
        _one = new PostgresNode(Database, TimeProvider.System, options).Lease.Generation;
        _two = new PostgresNode(Database, TimeProvider.System).Lease.Generation;
        // Nobody renews them.
        await DoAsync("UPDATE node SET lease_until = 'infinity'");
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task A_stream_is_the_nodes_that_took_it_last_and_is_as_it_was_until_it_says_otherwise()
    {
        Assert.Null(await FindAsync());
        Assert.NotNull(await TakeAsync(_one));
        Assert.Equal(new SharedStream(Room, _one, "http://10.0.0.1:10102", StreamState.Off, true, 0, 0), await FindAsync());
        Assert.True(await NoteAsync(_one, StreamState.Live, width: 640));
        Assert.NotNull(await TakeAsync(_two));
        Assert.Equal(new SharedStream(Room, _two, "", StreamState.Live, true, 640, 360), await FindAsync());
        Assert.False(await NoteAsync(_one, StreamState.Away));
        await Streams.EndAsync(Room, _one, CancellationToken.None);
        Assert.Equal(_two, (await FindAsync())!.Node);
        Assert.True(await NoteAsync(_two, StreamState.Away, hasPublisher: false));
        Assert.Equal((StreamState.Away, false), (Assert.Single(await Streams.ListAsync(CancellationToken.None)) is var now ? (now.State, now.HasPublisher) : default));
        await Streams.EndAsync(Room, _two, CancellationToken.None);
        Assert.Empty(await Streams.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task After_a_takeover_nobody_takes_it_for_five_seconds_but_from_one_who_is_lost()
    {
        await TakeAsync(_one);
        Assert.NotNull(await TakeAsync(_two));
        Assert.Null(await TakeAsync(_one));
        Assert.Null(await TakeAsync(_two, hasPublisher: true));
        await DoAsync("UPDATE stream SET taken_at = taken_at - interval '5 s'");
        Assert.NotNull(await TakeAsync(_one));
        await NoteAsync(_one, StreamState.Away, hasPublisher: false);
        Assert.NotNull(await TakeAsync(_two));
        // That was no takeover.
        Assert.NotNull(await TakeAsync(_one));
        // The same node's, whose loss is not stored yet.
        await DoAsync("UPDATE stream SET taken_at = clock_timestamp()");
        Assert.NotNull(await TakeAsync(_one, hasPublisher: false));
        Assert.NotNull(await TakeAsync(_two));
    }

    [Fact]
    public async Task A_stream_ends_with_its_nodes_lease()
    {
        await TakeAsync(_one);
        await NoteAsync(_one, StreamState.Live);
        await TakeAsync(_two);
        await NoteAsync(_two, StreamState.Live);
        await DoAsync($"UPDATE node SET lease_until = clock_timestamp() WHERE generation = {_two}");
        Assert.Empty(await Streams.ListAsync(CancellationToken.None));
        // Neither its picture nor its five seconds hold any more.
        Assert.Equal(StreamState.Off, (await TakeAsync(_one))!.State);
        await DoAsync($"UPDATE stream SET node = {_two}");
        Assert.True(await NoteAsync(_one, StreamState.Live));
        await Database.WriteAsync(connection => connection.RemoveNodeAsync(_one));
        Assert.Equal(0, await Database.ReadAsync(connection => connection.NumberAsync("SELECT count(*) FROM stream")));
        Assert.Null(await TakeAsync(_one));
    }

    [Fact]
    public async Task Nodes_are_told_of_each_change()
    {
        await TakeAsync(_one);
        await NoteAsync(_one, StreamState.Live);
        await Streams.EndAsync(Room, _two, CancellationToken.None);
        await Streams.EndAsync(Room, _one, CancellationToken.None);
        Assert.Equal(3, await Database.ReadAsync(connection => connection.NumberAsync("SELECT count(*) FROM change WHERE kind = 11 AND app_id = 1 AND a = 1000001")));
    }

    private Task<SharedStream?> TakeAsync(long node, bool hasPublisher = false) => Streams.TakeAsync(Room, node, hasPublisher, CancellationToken.None);

    private Task<bool> NoteAsync(long node, StreamState state, bool hasPublisher = true, int width = 0) =>
        Streams.NoteAsync(new SharedStream(Room, node, "", state, hasPublisher, width, width * 9 / 16), CancellationToken.None);

    private async Task<SharedStream?> FindAsync() => await Streams.FindAsync(Room, CancellationToken.None);

    private Task<int> DoAsync(string sql) => Database.WriteAsync(connection => connection.ExecuteAsync(sql));
}
