using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What waits for a user is kept as such: a SYNC costs what it brings, whatever else the user has.</summary>
public sealed class UnreadTests
{
    private const long Bob = 10002;

    [Fact]
    public async Task A_message_is_unread_for_its_receiver_until_his_position_reaches_it()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, Bob);
        await bob.JoinAsync(7);
        await bob.ChatInRoomAsync(7, "not one-to-one", "room");
        await bob.ReceiptAsync("room");
        for (var i = 1; i <= 3; i++)
            await ann.ChatAndReceiptAsync(Bob, $"{i}");
        await bob.ChatAndReceiptAsync(10001, "back");
        Assert.Equal([(10001, 4), (Bob, 3)], Unread(server));
        await bob.AckUpToAsync("d:10001:10002", 2);
        await Wait.UntilAsync(() => Position(server, Bob) == 2, "the position");
        Assert.Equal([(10001, 4), (Bob, 3)], Unread(server));
        await bob.AckUpToAsync("d:10001:10002", 3);
        await ann.AckUpToAsync("d:10001:10002", 4);
        await Wait.UntilAsync(() => Unread(server).Count == 0, "nothing to be unread");
        await ann.ChatAndReceiptAsync(Bob, "again");
        Assert.Equal([(Bob, 5)], Unread(server));
    }

    [Fact]
    public async Task The_first_start_on_an_older_database_finds_what_waits_in_it()
    {
        await using var server = await ServerProcess.StartAsync();
        await using (var ann = await TestClient.LogInAsync(server, 10001))
        await using (var bob = await TestClient.LogInAsync(server, Bob))
        {
            for (var i = 1; i <= 4; i++)
                await ann.ChatAndReceiptAsync(Bob, $"{i}");
            await bob.ChatAndReceiptAsync(10001, "5");
            await bob.ChatAndReceiptAsync(10003, "to carol");
            await bob.AckUpToAsync("d:10001:10002", 2);
            await bob.FlushAsync();
        }

        await server.PostAsync("api/v1/messages", new JsonObject { ["bizCode"] = 1, ["to"] = new JsonObject { ["user"] = Bob }, ["data"] = new JsonObject() });
        await server.StopAsync();
        server.Sql(
            """
            DROP TABLE unread;
            ALTER TABLE conversation DROP COLUMN seq_for_low;
            ALTER TABLE conversation DROP COLUMN seq_for_high;
            DELETE FROM migration WHERE number IN (5, 10);
            UPDATE position SET acked_seq = 1 WHERE user_id = 10003
            """);
        await server.StartAgainAsync();
        Assert.Equal([(10001, 5), (Bob, 1), (Bob, 4), (10003, 1)], Unread(server));
        await using var again = await TestClient.LogInAsync(server, Bob);
        Assert.Equal([3, 4, 1], (await again.SyncAsync()).Messages().Select(m => m.Number("seq")));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(5000)]
    public async Task A_sync_takes_the_same_steps_of_the_database_whatever_the_user_has_beside(int beside)
    {
        using var parts = new UserParts();
        parts.AddConversations(beside, acked: true);
        parts.AddOwnMessages(beside * 10);
        parts.AddConversations(1, acked: false);
        await parts.SyncAsync();
        var steps = await parts.StepsOfSyncAsync(expected: 2);
        Assert.InRange(steps, 1, 1500);
    }

    [Fact]
    public async Task Own_messages_between_two_that_wait_are_passed_by_once_and_then_leapt_over()
    {
        using var parts = new UserParts();
        parts.AddOwnMessages(20_000, andOne: true);
        await parts.StepsOfSyncAsync(expected: 2);
        Assert.InRange(await parts.StepsOfSyncAsync(expected: 2), 1, 1000);
    }

    [Fact]
    public async Task A_page_of_many_conversations_that_wait_takes_the_same_steps_as_of_few()
    {
        using var few = new UserParts();
        few.AddConversations(600, acked: false);
        using var many = new UserParts();
        many.AddConversations(20_000, acked: false);
        await many.SyncAsync();
        var stepsOfFew = await few.StepsOfSyncAsync(expected: 400);
        Assert.InRange(await many.StepsOfSyncAsync(expected: 400), 1, stepsOfFew * 11 / 10);
    }

    [Fact]
    public async Task Conversations_whose_messages_are_gone_are_listed_once_and_then_no_more()
    {
        using var parts = new UserParts();
        await parts.StartAsync();
        parts.AddConversations(3000, acked: false);
        parts.Sql("DELETE FROM message");
        Assert.Equal(0, await parts.SyncAsync());
        await parts.Saver.SaveAsync(CancellationToken.None);
        Assert.Equal(0, parts.Sql<long>("SELECT count(*) FROM unread"));
        Assert.InRange(await parts.StepsOfSyncAsync(expected: 0), 1, 100);
    }

    [Fact]
    public async Task Retention_moves_positions_on_and_what_it_took_no_longer_waits()
    {
        using var parts = new UserParts(new() { RetentionDays = 10 });
        await parts.StartAsync();
        parts.AddConversations(1200, acked: false);
        parts.Sql("UPDATE message SET created_at = 1");
        parts.AddConversations(1, acked: false);
        parts.Sql("INSERT INTO position SELECT 10002, id, 0 FROM conversation LIMIT 5");
        Assert.Equal(1200, await parts.Retention.RunOnceAsync(CancellationToken.None));
        Assert.Equal(1, parts.Sql<long>("SELECT count(*) FROM unread"));
        Assert.Equal(5, parts.Sql<long>("SELECT count(*) FROM position WHERE user_id = 10002 AND acked_seq = 1"));
        Assert.Equal(1, await parts.SyncAsync());
    }

    [Fact]
    public async Task A_user_who_pulls_and_acks_page_by_page_passes_by_few_of_the_pages_before()
    {
        await using var server = await ServerProcess.StartAsync("Limits:SyncsPerSecond=0", "Limits:MessagesPerSecond=0");
        UserParts.AddConversations(server, 5000);
        await server.StopAsync();
        await server.StartAgainAsync();
        await using var bob = await TestClient.LogInAsync(server, Bob);
        List<string> pulled = [];
        while (true)
        {
            var page = await bob.SyncAsync(limit: 500);
            foreach (var message in page.Messages())
            {
                pulled.Add(message.Text("msgId")!);
                await bob.AckAsync(message);
            }

            if (!page["more"]!.GetValue<bool>())
                break;
        }

        Assert.Equal(5000, pulled.Distinct().Count());
        Assert.Equal(5000, pulled.Count);
        await Wait.UntilAsync(() => Unread(server).Count == 0, "all positions to be saved");
    }

    [Fact]
    public async Task Acks_of_rows_that_do_not_exist_or_are_known_read_nothing()
    {
        using var parts = new UserParts();
        parts.AddConversations(10, acked: false);
        await parts.SyncAsync();
        Assert.NotNull(await parts.History.FindConversationAsync(10, CancellationToken.None));
        var steps = await parts.StepsAsync(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Assert.Null(await parts.History.FindConversationAsync(1_000_000 + i, CancellationToken.None));
                Assert.NotNull(await parts.History.FindConversationAsync(10, CancellationToken.None));
            }
        });
        Assert.Equal(0, steps);
    }

    private static List<(long User, long Seq)> Unread(ServerProcess server) => server.Sql(
        """
        SELECT u.user_id, CASE u.user_id WHEN c.low THEN c.seq_for_low ELSE c.seq_for_high END AS seq
        FROM unread u JOIN conversation c ON c.id = u.conversation_id ORDER BY u.user_id, seq
        """, command =>
    {
        using var reader = command.ExecuteReader();
        List<(long, long)> rows = [];
        while (reader.Read())
            rows.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return rows;
    });

    private static long Position(ServerProcess server, long user) =>
        server.Sql($"SELECT acked_seq FROM position WHERE user_id = {user}", c => (long?)c.ExecuteScalar() ?? 0);
}
