using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Storage;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>A disk or a database without room: messages are refused by a word that names the setting, and all else goes on.</summary>
public sealed class SpaceTests
{
    private const string MoreThanIsFree = "Storage:MinFreeMiB=1000000000";

    /// <summary>A transaction fails for another's sake, each of its writes is tried alone, and meanwhile the room is gone.</summary>
    [Fact]
    public async Task A_message_that_finds_no_room_when_it_is_tried_again_is_not_taken_for_stored()
    {
        using var parts = new LogParts(new StorageOptions { MinFreeMiB = 0, MaxSizeMiB = 1 });
        await parts.Writer.StartAsync(CancellationToken.None);
        using var held = new HeldWriter(parts.Writer);
        var tries = 0;
        var filler = parts.Writer.WriteAsync(connection =>
        {
            if (++tries == 2)
                connection.Execute("CREATE TABLE filler AS SELECT zeroblob(700000) AS bytes");
        });
        var submission = TestMessage.Of(ConversationKey.Room(1, 7), 10001, data: new string('x', 200_000));
        await parts.Log.AppendAsync(submission, CancellationToken.None);
        var bad = parts.Writer.WriteAsync(_ => throw new SqliteException("as the test wants it", 1));
        await held.ReleaseAsync();
        await filler;
        await Assert.ThrowsAsync<SqliteException>(() => bad);
        await submission.WhenToldAsync();
        Assert.Null(submission.Stored);
        Assert.IsType<StorageFullException>(submission.Failure);
        Assert.Equal(0, parts.Sql<long>("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task Below_the_floor_of_free_space_messages_are_refused_and_what_was_stored_is_receipted_and_read()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0");
        ReceivedFrame first;
        await using (var before = await TestClient.LogInAsync(server, 10001))
            first = await before.ChatAndReceiptAsync(10002, "before", "first");
        await server.StopAsync();

        await using var low = await ServerProcess.StartAsync(server.DataDir, ["Limits:MessagesPerSecond=0", MoreThanIsFree]);
        await using var ann = await TestClient.LogInAsync(low, 10001);
        for (var i = 0; i < 20; i++)
        {
            var refused = await ann.RefusedAsync("not_stored", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["objectId"] = 20_000 + i }, $"{i}"));
            Assert.Equal($"{i}", refused.Text("clientMsgId"));
            Assert.Contains("Sailfish:Storage:MinFreeMiB (1000000000)", refused.Text("message"));
        }

        // What was stored elsewhere with the same id was another message.
        await ann.RefusedAsync("not_stored", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "before", ["objectId"] = 20_100 }, "first"));
        await low.SaidAsync("free space than Sailfish:Storage:MinFreeMiB");
        Assert.Equal(1, Regex.Count(low.Output, "free space than Sailfish:Storage:MinFreeMiB"));
        Assert.Equal(first.Text("msgId"), (await ann.ChatAndReceiptAsync(10002, "before", "first")).Text("msgId"));
        Assert.Equal(1, low.Sql("SELECT count(*) FROM conversation", c => (long)c.ExecuteScalar()!));
        await AssertApiNamesItAsync(low);
        await low.PostAsync("api/v1/rooms/7/mute", new JsonObject { ["userId"] = 10002 });
        await using var bob = await TestClient.LogInAsync(low, 10002);
        Assert.Equal("before", Assert.Single((await bob.SyncAsync()).Messages()).Content());
        var (anchor, _) = await PageClient.GoLiveAsync(low);
        Assert.Equal(501, (await anchor.CoverAsync(TestPictures.Jpeg())).Code);
    }

    [Fact]
    public async Task Room_that_retention_makes_is_used_without_a_restart()
    {
        await using var server = await ServerProcess.StartAsync(
            "Storage:MaxSizeMiB=1", "Storage:RetentionDays=10", "Storage:RetentionIntervalSeconds=1", "Limits:MessagesPerSecond=0");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        var stored = await FillAsync(ann, 0);
        server.Sql("UPDATE message SET created_at = 1");
        await Wait.UntilAsync(() => server.Sql("SELECT count(*) FROM message", c => (long)c.ExecuteScalar()!) == 0, "the retention");
        var receipt = await ann.ChatAndReceiptAsync(10002, "room again");
        Assert.Equal(stored + 1, receipt.Number("seq"));
        await FillAsync(ann, 10_000);
    }

    /// <summary>Sends until the database is full; returns how many were stored.</summary>
    private static async Task<long> FillAsync(TestClient ann, int firstId)
    {
        for (var i = 0; ; i++)
        {
            Assert.True(i < 1000, "The database never fills.");
            await ann.ChatAsync(10002, new string('x', 3900), $"{firstId + i}");
            var answer = await ann.ReceiveAsync();
            if (answer.Code == Code.Error)
                return i;
        }
    }

    private static async Task AssertApiNamesItAsync(ServerProcess server)
    {
        using var response = await server.Http.PostAsJsonAsync("api/v1/messages", new JsonObject
        {
            ["bizCode"] = 5555,
            ["to"] = new JsonObject { ["user"] = 10004 },
            ["data"] = new JsonObject { ["content"] = "x" },
        });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("Sailfish:Storage:MinFreeMiB", await response.Content.ReadAsStringAsync());
    }
}
