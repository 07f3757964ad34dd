using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Media;

/// <summary>Rooms that begin with what an encoder sends.</summary>
public sealed class StartOnPublishTests(ServerFixture<ForEncodersAlone> fixture) : IClassFixture<ServerFixture<ForEncodersAlone>>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task A_key_starts_its_anchors_room_but_none_over_one_that_was_closed_until_he_starts_one()
    {
        using var anchor = await PageClient.SignUpAsync(_server, vip: true);
        var address = await AddressAsync(anchor);
        await using (var encoder = Encoder.Start(address))
        {
            await LiveAsync(anchor);
            // It is the one that he has open.
            var room = await anchor.StartAsync();
            Assert.Equal("live", await anchor.StateAsync(room));
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            await encoder.EndAsync();
        }

        // As encoders do, which come back by themselves.
        for (var i = 0; i < 2; i++)
        {
            await using var again = Encoder.Start(address);
            Assert.NotEmpty(await again.EndAsync());
        }

        Assert.Equal("off", (await anchor.OkAsync("/living/stream")).Text("state"));
        await anchor.OkAsync("/living/closeLiving", ("roomId", await anchor.StartAsync()));
        await using var later = Encoder.Start(address);
        await LiveAsync(anchor);
    }

    [Fact]
    public async Task None_is_started_at_once_after_one_was_closed()
    {
        using var anchor = await PageClient.SignUpAsync(_server, vip: true);
        var address = await AddressAsync(anchor);
        for (var i = 0; i < 5; i++)
        {
            var room = await anchor.StartAsync();
            await using var encoder = Encoder.Start(address);
            await LiveAsync(anchor);
            // It asks as soon as the room is closed, before anything has come by to see to it.
            await using var peer = await RtmpPeer.ConnectAsync(_server);
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            Assert.Contains("NetStream.Publish.Denied", await peer.AskAsync(address[(address.LastIndexOf('/') + 1)..]));
            await encoder.EndAsync();
        }
    }

    [Fact]
    public async Task None_is_started_for_a_publisher_who_is_refused()
    {
        using var anchor = await PageClient.SignUpAsync(_server, vip: true);
        var key = (await anchor.OkAsync("/living/stream")).Text("key");
        await using (var elsewhere = await RtmpPeer.ConnectAsync(_server))
            Assert.Contains("NetStream.Publish.Denied", await elsewhere.AskAsync($"1000001?key={key}"));
        await using var small = await ServerProcess.StartAsync([.. ForEncodersAlone.Settings, "Media:MaxStreams=1"]);
        var (first, room) = await PageClient.GoLiveAsync(small);
        await using var encoder = await first.PublishAsync(room);
        using var second = await PageClient.SignUpAsync(small, vip: true);
        await using (var refused = await RtmpPeer.ConnectAsync(small))
            Assert.Contains("too many streams", await refused.AskAsync((await second.OkAsync("/living/stream")).Text("key")));
        foreach (var client in new[] { anchor, second })
            Assert.DoesNotContain((await client.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List, card => card.Number("anchorId") == client.UserId);
        first.Dispose();
    }

    [Fact]
    public async Task Who_is_no_VIP_any_more_or_is_suspended_starts_none()
    {
        using var anchor = await PageClient.SignUpAsync(_server, vip: true);
        var address = await AddressAsync(anchor);
        Assert.True((await _server.Http.DeleteAsync($"/api/v1/users/{anchor.UserId}/tags/vip")).IsSuccessStatusCode);
        await using (var encoder = Encoder.Start(address))
            Assert.NotEmpty(await encoder.EndAsync());
        await _server.Http.PostJsonAsync($"/api/v1/users/{anchor.UserId}/tags", """{"tag":"vip"}""");
        await _server.Http.PostJsonAsync($"/api/v1/users/{anchor.UserId}/suspend", "{}");
        await using (var encoder = Encoder.Start(address))
            Assert.NotEmpty(await encoder.EndAsync());
        Assert.DoesNotContain((await anchor.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List, card => card.Number("anchorId") == anchor.UserId);
    }

    private static async Task<string> AddressAsync(PageClient anchor) => Encoder.Address(anchor.Server, (await anchor.OkAsync("/living/stream")).Text("key"));

    /// <summary>Waits for a picture in whichever room he has.</summary>
    private static Task LiveAsync(PageClient anchor) =>
        Wait.UntilAsync(async () => (await anchor.OkAsync("/living/stream")).Text("state") == "live", "the stream to be live");
}
