using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Commands;

/// <summary>Whoever was with the server before its data was moved finds all of it at the cluster.</summary>
public sealed class MovedServerTests(MovedServer moved) : IClassFixture<MovedServer>
{
    private ServerProcess Target => moved.Target;

    [Fact]
    public async Task Messages_are_the_same_with_their_seqs_and_times()
    {
        foreach (var (conversation, before) in moved.Messages)
        {
            Assert.NotEmpty(before);
            Assert.Equal(before, (await MovedServer.HistoryAsync(Target, conversation)).Take(before.Count));
        }
    }

    [Fact]
    public async Task What_waits_for_somebody_is_the_same()
    {
        Assert.Equal(3, moved.BobsUnread.Count);
        Assert.Equal(moved.BobsUnread, (await MovedServer.SyncAllAsync(Target, MovedServer.Bob)).Take(3));
        Assert.Equal(new Dictionary<string, long> { ["d:0:10003"] = 1 }, await Target.UnackedAsync(MovedServer.Carol));
        Assert.Equal(new Dictionary<string, long> { ["d:10001:10002"] = 1 }, await Target.UnackedAsync(MovedServer.Ann));
    }

    [Fact]
    public async Task The_same_clientMsgId_is_the_same_message_and_seqs_go_on()
    {
        await using var ann = await TestClient.LogInAsync(Target, MovedServer.Ann);
        var again = await ann.ChatAndReceiptAsync(MovedServer.Bob, "other words", "c2");
        Assert.Equal((moved.SecondReceipt.Text("msgId"), moved.SecondReceipt.Number("seq")), (again.Text("msgId"), again.Number("seq")));
        var next = await ann.ChatAndReceiptAsync(MovedServer.Bob, "something new");
        Assert.Equal(moved.Messages["d:10001:10002"].Count + 1, next.Number("seq"));
        await ann.JoinAsync(MovedServer.Room);
        await ann.ChatInRoomAsync(MovedServer.Room, "new in the room", "new");
        Assert.Equal(4, (await ann.ReceiptAsync("new")).Number("seq"));
        var begun = await ann.ChatAndReceiptAsync(10009, "a conversation that begins");
        Assert.Equal(1, begun.Number("seq"));
        Assert.Equal("a conversation that begins", Assert.Single(await Target.WholeHistoryAsync("d:10001:10009")).Content());
    }

    [Fact]
    public async Task Acks_go_on()
    {
        await using var carol = await TestClient.LogInAsync(Target, MovedServer.Carol);
        var message = Assert.Single((await carol.SyncAsync()).Messages());
        await carol.AckAsync(message);
        await Wait.UntilAsync(async () => (await Target.UnackedAsync(MovedServer.Carol)).Count == 0, "the ack");
        await Target.Http.PostJsonAsync("/api/v1/messages", $$$"""{"bizCode":5555,"data":{"content":"again"},"to":{"user":{{{MovedServer.Carol}}}}}""");
        Assert.Equal(new Dictionary<string, long> { ["d:0:10003"] = 1 }, await Target.UnackedAsync(MovedServer.Carol));
    }

    [Fact]
    public async Task Who_was_signed_in_still_is_with_the_same_picture_and_the_password_is_good()
    {
        using var same = moved.AtTarget(moved.Person);
        Assert.Equal(moved.PicturePath, (await same.OkAsync("/home/initPage")).Text("avatar"));
        Assert.Equal(moved.Picture, await moved.PictureAsync(same));
        using var elsewhere = new PageClient(Target).Named(moved.Person.Name);
        Assert.Equal(200, (await elsewhere.LogInAsync()).Code);
        using var next = await PageClient.SignUpAsync(Target);
        Assert.True(next.UserId > moved.Anchor.UserId);
        using var taken = new PageClient(Target);
        Assert.NotEqual(200, (await taken.PostAsync("/account/register", ("name", moved.Person.Name.ToUpperInvariant()), ("password", PageClient.Password))).Code);
    }

    [Fact]
    public void Apps_have_the_same_secrets()
    {
        Assert.Equal(moved.Source.App, Target.App);
        Assert.Contains("\"copyOf\": \"cluster\"", File.ReadAllText(Path.Combine(Target.DataDir, "secrets.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mutes_bans_kicks_suspensions_and_tags_hold()
    {
        await using var muted = await TestClient.LogInAsync(Target, MovedServer.Muted);
        await muted.JoinAsync(MovedServer.Room);
        await muted.RefusedAsync("muted", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "c", ["roomId"] = MovedServer.Room }, "key"));
        await using var banned = await TestClient.LogInAsync(Target, MovedServer.Banned);
        await banned.RefusedAsync("banned", Code.Join, new JsonObject { ["roomId"] = MovedServer.Room });
        foreach (var (user, token) in new[] { (MovedServer.Kicked, moved.RevokedToken), (MovedServer.Suspended, TestTokens.Mint(Target, MovedServer.Suspended)) })
        {
            await using var refused = await Target.PresentAsync(token, user);
            Assert.Equal("bad_token", (await refused.ReceiveAsync(Code.Error)).Text("error"));
        }

        Assert.Equal("""{"tags":["vip"]}""", (await Target.Http.GetJsonAsync($"/api/v1/users/{MovedServer.Vip}/tags")).ToJsonString());
    }

    [Fact]
    public async Task Living_rooms_go_on_and_those_that_ended_stay_so()
    {
        using var person = moved.AtTarget(moved.Person);
        Assert.Equal(7, (await person.OkAsync("/living/anchorConfig", ("roomId", moved.OpenRoom))).Number("likes"));
        using (var cover = await person.GetAsync($"/live/{moved.OpenRoom}.jpg"))
            Assert.Equal(moved.Cover, await cover.Content.ReadAsByteArrayAsync());
        await using var watching = await person.ConnectAsync(moved.OpenRoom);
        await watching.RefusedAsync("room_closed", Code.Join, new JsonObject { ["roomId"] = moved.ClosedRoom });
        using var anchor = moved.AtTarget(moved.Anchor);
        Assert.Equal(moved.OpenRoom, await anchor.StartAsync());
        using var former = moved.AtTarget(moved.FormerAnchor);
        Assert.Equal(moved.ClosedRoom, Assert.Single((await former.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List).Number("id"));
        Assert.True(await former.StartAsync() > moved.OpenRoom);
        // An app's own from before stays one.
        await using var ann = await TestClient.LogInAsync(Target, MovedServer.Ann);
        Assert.Equal(3, (await ann.JoinAsync(MovedServer.EarlyRoom)).Number("seq"));
    }

    [Fact]
    public async Task Ids_of_connections_are_above_those_before()
    {
        await using var client = await TestClient.LogInAsync(Target, 10010);
        Assert.True(ulong.Parse(client.LoginReply!.Text("connectionId")!, CultureInfo.InvariantCulture) > moved.LastConnection);
    }

    [Fact]
    public void What_was_moved_is_said_table_by_table_and_the_source_is_as_it_was()
    {
        foreach (var (table, rows) in new[] { ("conversation", 5), ("message", 15), ("risk_record", 1), ("avatar", 1), ("cookie_key", 1), ("app", 1), ("living_room", 1), ("living_cover", 1), ("living_room_record", 1), ("room_restriction", 2) })
            Assert.Equal($"{rows}", Regex.Match(moved.Said, $@"^{table} +(\S+)$", RegexOptions.Multiline).Groups[1].Value);
        Assert.Contains("Both sides have the same 15 messages in 5 conversations", moved.Said);
        Assert.Equal(moved.SourceFiles.Before, moved.SourceFiles.After);
    }
}
