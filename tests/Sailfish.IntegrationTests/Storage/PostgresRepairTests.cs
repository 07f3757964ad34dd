using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Messaging;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What a node is given of the log that did not come to it by itself.</summary>
public sealed class PostgresRepairTests : IAsyncLifetime
{
    private const long App = StoreConformance.App;
    private const long Ann = StoreConformance.Ann;
    private const long Bob = StoreConformance.Bob;
    private const long Cid = Bob + 1;

    private string _name = "";
    private string _connectionString = "";
    private PostgresParts? _parts;
    private PostgresRepairSource? _source;

    private PostgresParts Parts => _parts!;

    private PostgresRepairSource Source => _source!;

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        _connectionString = (await SharedPostgres.ServerAsync()).ConnectionString(_name);
        _parts = await PostgresParts.StartAsync(_connectionString, new Completions());
        _source = new PostgresRepairSource(Parts.Database, Parts.Lease);
    }

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    /// <summary>A message that becomes readable long after it was stored must not be passed by.</summary>
    [Fact]
    public async Task The_horizon_stands_still_while_somebody_stores_and_goes_on_afterwards()
    {
        var before = await HorizonAsync();
        await using (var connection = await Parts.Database.Source.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("INSERT INTO used_room (room_id) VALUES (1)");
            // The database's clock goes on behind the transaction.
            await Pause.ForAsync(50);
            var now = await connection.ListAsync(row => new DateTimeOffset(row.GetDateTime(0)), "SELECT clock_timestamp()");
            var held = await HorizonAsync();
            Assert.InRange(held, before, now[0]);
            // The same once more.
            await Pause.ForAsync(50);
            Assert.Equal(held, await HorizonAsync());
            await transaction.CommitAsync();
        }

        await Wait.UntilAsync(async () => await HorizonAsync() > before + TimeSpan.FromMilliseconds(100), "the horizon to go on");
    }

    [Fact]
    public async Task Rooms_are_told_with_their_newest_seq_and_whether_that_ended_them()
    {
        await AppendAsync(ConversationKey.Room(App, 7), 3);
        await AppendAsync(ConversationKey.Room(App, 8), 1);
        await AppendAsync(TestMessage.Of(ConversationKey.Room(App, 8), Ann, closes: true));
        await AppendAsync(ConversationKey.Direct(App, Ann, Bob), 5);
        RoomKey[] rooms = [new(App, 7), new(App, 8), new(App, 9), new(2, 7)];
        var newest = await Source.ReadNewestAsync(rooms, CancellationToken.None);
        Assert.Equal([(rooms[0], new RoomNewest(3, IsClosed: false)), (rooms[1], new RoomNewest(2, IsClosed: true))], newest.OrderBy(r => r.Key.RoomId).Select(r => (r.Key, r.Value)));
        var one = await Task.WhenAll(rooms.Select(room => Source.ReadNewestAsync(room, CancellationToken.None).AsTask()));
        Assert.Equal<RoomNewest?[]>([new RoomNewest(3, IsClosed: false), new RoomNewest(2, IsClosed: true), null, null], one);
    }

    [Fact]
    public async Task One_to_one_messages_of_users_who_are_here_are_given_in_the_order_of_their_seqs()
    {
        await LogInAsync(Ann, Parts.Lease.Generation);
        await LogInAsync(Cid, Parts.Lease.Generation + 1);
        await AppendAsync(ConversationKey.Direct(App, Ann, Bob), 2);
        var since = await HorizonAsync();
        // More than are read ahead.
        await AppendAsync(ConversationKey.Direct(App, Ann, Bob), 1500);
        await AppendAsync(ConversationKey.Direct(App, Bob, Cid), 3);
        await AppendAsync(ConversationKey.Room(App, 7), 3);
        var stored = await ReadAsync(since);
        Assert.Equal(Enumerable.Range(3, 1500).Select(seq => (long)seq), stored.Select(m => m.Seq));
        var first = stored[0];
        Assert.Equal((ConversationKey.Direct(App, Ann, Bob), Ann, "{\"n\":1}"), (first.Conversation, first.SenderId, first.Data));
        Assert.Equal(first.MsgId, (await Parts.History.ReadAsync(first.Conversation, 2, 1, 1000, CancellationToken.None)).Messages[0].MsgId);
        // Whoever does not take all holds nothing up.
        await foreach (var message in Source.ReadStoredAsync(since, CancellationToken.None))
        {
            Assert.Equal(3, message.Seq);
            break;
        }
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_to_who_reads()
    {
        await Parts.SqlAsync<int>("ALTER TABLE session RENAME TO gone; SELECT 1");
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => ReadAsync(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task Messages_of_places_are_given_as_far_as_they_are_there()
    {
        var (direct, room) = (ConversationKey.Direct(App, Ann, Bob), ConversationKey.Room(App, 7));
        await AppendAsync(direct, 10);
        await AppendAsync(room, 10);
        var (directRow, roomRow) = ((await Parts.History.FindConversationAsync(direct, default))!.Id, (await Parts.History.FindConversationAsync(room, default))!.Id);
        await Parts.SqlAsync<int>($"DELETE FROM message WHERE conversation_id = {roomRow} AND seq = 4 RETURNING 1");
        LogPlace[] places = [new(roomRow, room, 3, 5), new(directRow, direct, 9, 12), new(roomRow, room, 8, 8)];
        var messages = await Source.ReadPlacesAsync(places, CancellationToken.None);
        Assert.Equal([9, 10], messages.Where(m => m.Conversation == direct).Select(m => m.Seq));
        Assert.Equal([3, 5, 8], messages.Where(m => m.Conversation == room).Select(m => m.Seq));
    }

    private async Task<DateTimeOffset> HorizonAsync() => await Source.ReadHorizonAsync(CancellationToken.None);

    private async Task<List<StoredMessage>> ReadAsync(DateTimeOffset since)
    {
        List<StoredMessage> all = [];
        await foreach (var message in Source.ReadStoredAsync(since, CancellationToken.None))
            all.Add(message);
        return all;
    }

    private Task<int> LogInAsync(long user, long node) =>
        Parts.SqlAsync<int>($"INSERT INTO session (app_id, user_id, connection_id, node, since) VALUES ({App}, {user}, {user}, {node}, 1) RETURNING 1");

    private async Task AppendAsync(ConversationKey conversation, int count)
    {
        var sender = conversation.IsRoom ? Ann : conversation.Low;
        Submission[] messages = [.. Enumerable.Range(1, count).Select(n => TestMessage.Of(conversation, sender, data: $"{{\"n\":{n}}}"))];
        foreach (var message in messages)
            await Parts.Log.AppendAsync(message, CancellationToken.None);
        foreach (var message in messages)
            await message.WhenToldAsync();
    }

    private async Task AppendAsync(Submission message)
    {
        await Parts.Log.AppendAsync(message, CancellationToken.None);
        await message.WhenToldAsync();
    }
}
