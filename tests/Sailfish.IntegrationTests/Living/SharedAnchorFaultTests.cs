namespace Sailfish.IntegrationTests.Living;

/// <summary>Just after the database was away nobody knows which anchors were: no room closes.</summary>
public sealed class SharedAnchorFaultTests : IAsyncLifetime
{
    private const long Anchor = 100_001;
    private PostgresServer? _server;
    private LivingNode? _node;

    private PostgresServer Server => _server!;

    private LivingNode Node => _node!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(fsync: false);
        await Server.CreateDatabaseAsync("sailfish");
        _node = await LivingNode.StartAsync(Server.ConnectionString("sailfish"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task After_a_crash_of_the_database_a_deserted_room_stays_open_for_fifteen_seconds()
    {
        var room = await Node.StartAsync(Anchor);
        await Node.PassAsync(30);
        await Server.KillAsync();
        await Node.PassAsync(2);
        Assert.NotNull(Node.Table.Find(room.Key));
        await Server.StartAgainAsync();
        await Wait.UntilAsync(async () => await Record.ExceptionAsync(() => Node.SqlAsync<long>("SELECT 1")) is null, "the database to be back");
        await Server.SqlAsync("UPDATE living_room SET anchor_seen = '2026-01-01'; UPDATE lease SET since = '2026-01-01'", "sailfish");
        await Node.PassAsync(14);
        Assert.Equal(0, Node.Ends);
        await Node.PassAsync(4);
        Assert.Equal(1, Node.Ends);
        Assert.Null(Node.Table.Find(room.Key));
    }
}
