using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>The name and the announcement of a room: who writes them, what may stand there, and where it is seen.</summary>
public sealed class RoomTextTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData(Dress.Form)]
    [InlineData(Dress.Json)]
    public async Task A_room_starts_with_the_texts_that_are_given_or_with_its_anchors_name(Dress dress)
    {
        using var anchor = await PageClient.SignUpAsync(Server, vip: true);
        var started = await anchor.PostAsync(dress, "/living/startingLiving", ("type", 1), ("roomName", " Ｎoodles 🍜 "), ("announcement", " one\ntwo "));
        var room = started.Number("roomId");
        var config = await anchor.OkAsync("/living/anchorConfig", ("roomId", room));
        Assert.Equal(("Ｎoodles 🍜", "one\ntwo", anchor.Name), (config.Text("roomName"), config.Text("announcement"), config.Text("anchorNickName")));
        Assert.Equal(("off", "", 0L), (config.Text("stream"), config.Text("streamUrl"), config.Number("peak")));
        Assert.InRange(config.Number("startTime"), 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var card = Assert.Single((await anchor.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List, c => c.Number("id") == room);
        Assert.Equal(("Ｎoodles 🍜", anchor.Name, "off", ""), (card.Text("roomName"), card.Text("anchorNickName"), card.Text("stream"), card.Text("covertImg")));

        // The open one is returned as it is.
        Assert.Equal(room, (await anchor.OkAsync("/living/startingLiving", ("type", 1), ("roomName", "another"))).Number("roomId"));
        Assert.Equal("Ｎoodles 🍜", (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Text("roomName"));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal("Ｎoodles 🍜", Assert.Single((await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List).Text("roomName"));
        room = await anchor.StartAsync();
        config = await anchor.OkAsync("/living/anchorConfig", ("roomId", room));
        Assert.Equal((anchor.Name, ""), (config.Text("roomName"), config.Text("announcement")));
    }

    [Fact]
    public async Task An_edit_changes_what_is_given_and_is_kept_over_a_restart()
    {
        await using var server = await ServerProcess.StartAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        var edited = await anchor.OkAsync("/living/edit", ("roomId", room), ("announcement", "at eight"));
        Assert.Equal((anchor.Name, "at eight"), (edited.Text("roomName"), edited.Text("announcement")));
        edited = await anchor.OkAsync("/living/edit", ("roomId", room), ("roomName", "Noodles"));
        Assert.Equal(("Noodles", "at eight"), (edited.Text("roomName"), edited.Text("announcement")));
        await server.StopAsync();
        await server.StartAgainAsync();
        var config = await anchor.OkAsync("/living/anchorConfig", ("roomId", room));
        Assert.Equal(("Noodles", "at eight"), (config.Text("roomName"), config.Text("announcement")));
        Assert.Equal("", (await anchor.OkAsync("/living/edit", ("roomId", room), ("announcement", ""))).Text("announcement"));
    }

    [Fact]
    public async Task Nobody_but_the_anchor_edits_a_room_and_nobody_one_that_is_closed()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        var (other, _) = await PageClient.GoLiveAsync(Server);
        Assert.Equal(501, (await other.PostAsync("/living/edit", ("roomId", room), ("roomName", "mine"))).Code);
        Assert.Equal(501, (await other.PostAsync("/living/edit", ("roomId", 77), ("roomName", "mine"))).Code);
        Assert.Equal(anchor.Name, (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Text("roomName"));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal(501, (await anchor.PostAsync("/living/edit", ("roomId", room), ("roomName", "late"))).Code);
    }

    [Fact]
    public async Task What_is_no_name_or_too_long_is_400()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        var starter = await PageClient.SignUpAsync(Server, vip: true);
        foreach (var name in new[] { "", "  ", "\u200B", "\u202Ename", new string('鱼', 61), "\uE000" })
        {
            Assert.Equal(400, (await anchor.PostAsync(Dress.Json, "/living/edit", ("roomId", room), ("roomName", name))).Code);
            Assert.Equal(400, (await starter.PostAsync(Dress.Json, "/living/startingLiving", ("type", 1), ("roomName", name))).Code);
        }

        foreach (var text in new[] { new string('鱼', 501), "a\0b" })
        {
            Assert.Equal(400, (await anchor.PostAsync(Dress.Json, "/living/edit", ("roomId", room), ("announcement", text))).Code);
            Assert.Equal(400, (await starter.PostAsync(Dress.Json, "/living/startingLiving", ("type", 1), ("announcement", text))).Code);
        }

        // No form may have it: which parameter it stood in is not known any more.
        var unreadable = await anchor.PostAsync("/living/edit", ("roomId", room), ("announcement", "a\0b"));
        Assert.Equal(400, unreadable.Code);
        Assert.DoesNotContain("roomId", unreadable.Msg, StringComparison.Ordinal);
        Assert.Equal(400, (await anchor.PostAsync("/living/edit", ("roomId", room))).Code);
        var most = string.Concat(Enumerable.Repeat("🐟", 500));
        Assert.Equal(most, (await anchor.OkAsync("/living/edit", ("roomId", room), ("announcement", most))).Text("announcement"));
        most = string.Concat(Enumerable.Repeat("🐟", 60));
        Assert.Equal(most, (await anchor.OkAsync("/living/edit", ("roomId", room), ("roomName", most))).Text("roomName"));
    }

    [Theory]
    [InlineData("Refuse")]
    [InlineData("Mask")]
    public async Task Words_of_the_list_are_refused_in_a_name_and_refused_or_masked_in_an_announcement_and_on_record(string action)
    {
        await using var server = await ServerProcess.StartAsync("Content:Words:0=badword", $"Content:Action={action}");
        using var anchor = await PageClient.SignUpAsync(server, vip: true);
        Assert.Equal(501, (await anchor.PostAsync("/living/startingLiving", ("type", 1), ("roomName", "my BadWord"))).Code);
        var room = await anchor.StartAsync();
        Assert.Equal(501, (await anchor.PostAsync("/living/edit", ("roomId", room), ("roomName", "my BadWord"))).Code);
        var reply = await anchor.PostAsync("/living/edit", ("roomId", room), ("announcement", "a badword here"));
        Assert.Equal(action == "Refuse" ? 501 : 200, reply.Code);
        var config = await anchor.OkAsync("/living/anchorConfig", ("roomId", room));
        Assert.Equal((anchor.Name, action == "Refuse" ? "" : "a ******* here"), (config.Text("roomName"), config.Text("announcement")));
        await Wait.UntilAsync(() => server.Sql("SELECT count(*) FROM risk_record", c => (long)c.ExecuteScalar()!) == 1, "the risk record");
        Assert.Equal($"r:{room}", server.Sql("SELECT conversation FROM risk_record", c => (string)c.ExecuteScalar()!));
    }

    [Fact]
    public async Task Who_is_muted_sees_until_when_and_nobody_else_does()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var watching = await viewer.ConnectAsync(room);
        Assert.Null((await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Data["muted"]);
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId), ("seconds", 100));
        var left = (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Number("muted") - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.InRange(left, 50_000, 100_100);
        Assert.Null((await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Data["muted"]);
    }
}
