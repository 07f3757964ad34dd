using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>Anchors who go away, servers that do.</summary>
public sealed class LivingRestartTests
{
    [Fact]
    public async Task A_room_whose_anchor_stays_away_closes_by_itself_and_one_with_its_anchor_does_not()
    {
        // Time enough to connect in, also on a machine that has more to do.
        await using var server = await ServerProcess.StartAsync("Living:AnchorAwaySeconds=3", "Accounts:AttemptsPerMinute=0");
        using var viewer = await PageClient.SignUpAsync(server);
        var (present, open) = await PageClient.GoLiveAsync(server);
        await using var there = await present.ConnectAsync(open);
        var (absent, closing) = await PageClient.GoLiveAsync(server);
        var (leaving, left) = await PageClient.GoLiveAsync(server);
        await using var watching = await viewer.ConnectAsync(left);
        await using (await leaving.ConnectAsync(left))
        {
            await Wait.UntilAsync(async () => await IsGoneAsync(absent, closing), "the room of who never came to close");
            Assert.False(await IsGoneAsync(leaving, left));
        }

        var closed = await watching.ReceiveAsync(Code.Message);
        Assert.Equal((5570L, left), (closed.Number("bizCode"), closed.Data.Number("roomId")));
        Assert.False(await IsGoneAsync(present, open));
        Assert.Single((await leaving.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
        Assert.True(await absent.StartAsync() > left);
    }

    [Fact]
    public async Task After_a_restart_a_room_goes_on_when_its_anchor_comes_in_time_and_else_closes()
    {
        await using var server = await ServerProcess.StartAsync("Living:AnchorAwaySeconds=4", "Accounts:AttemptsPerMinute=0");
        var (back, open) = await PageClient.GoLiveAsync(server);
        var (gone, closing) = await PageClient.GoLiveAsync(server);
        using var viewer = await PageClient.SignUpAsync(server);
        await server.KillAsync();
        await server.StartAgainAsync();
        await using var there = await back.ConnectAsync(open);
        await using var watching = await viewer.ConnectAsync(closing);
        Assert.Equal(open, await back.StartAsync());
        Assert.Equal(5570, (await watching.ReceiveAsync(Code.Message)).Number("bizCode"));
        Assert.True(await IsGoneAsync(gone, closing));
        Assert.False(await IsGoneAsync(back, open));
        await there.FlushAsync();
    }

    [Fact]
    public async Task Likes_the_peak_and_the_records_outlive_a_restart_and_numbers_are_not_given_twice()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var viewer = await PageClient.SignUpAsync(server);
        await using (await anchor.ConnectAsync(room))
        await using (await viewer.ConnectAsync(room))
            await viewer.OkAsync("/living/like", ("roomId", room), ("count", 7));
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Equal(7, (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Number("likes"));
        Assert.Equal(2, (await server.Http.GetJsonAsync($"/api/v1/rooms/{room}")).Number("peak"));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        await server.StopAsync();
        await server.StartAgainAsync();
        var record = Assert.Single((await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
        Assert.Equal((room, 2L, 7L), (record.Number("id"), record.Number("peakViewers"), record.Number("goodNum")));
        await using var client = await viewer.ConnectAsync();
        await client.SendAsync(Code.Join, new System.Text.Json.Nodes.JsonObject { ["roomId"] = room });
        Assert.Equal("room_closed", (await client.ReceiveAsync(Code.Error)).Text("error"));
        Assert.Equal(room + 1, await anchor.StartAsync());
    }

    private static async Task<bool> IsGoneAsync(PageClient client, long room) =>
        (await client.OkAsync("/living/anchorConfig", ("roomId", room))).Number("roomId") == -1;
}
