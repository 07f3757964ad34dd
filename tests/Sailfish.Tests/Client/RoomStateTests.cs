using System.Text.Json;
using System.Threading.Channels;
using Sailfish.Client;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Client;

/// <summary>How living rooms are, to a client that asked for it.</summary>
public sealed class RoomStateTests
{
    private const long Room = 1_000_001;

    private static readonly object Whole = new
    {
        roomId = Room,
        conversation = $"r:{Room}",
        seq = 0,
        viewers = 3,
        stream = "off",
        streamUrl = "/live/1000001.flv",
        width = 0,
        height = 0,
        title = "Noodles",
        announcement = "",
    };

    [Fact]
    public async Task The_state_comes_with_the_JOIN_and_whole_with_each_change_and_each_new_connection()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(o => o with { RoomState = true });
        await using var disposal = client;
        var (states, viewers) = (Channel.CreateUnbounded<RoomStateChangedEventArgs>(), Channel.CreateUnbounded<int>());
        client.RoomStateChanged += (_, e) => states.Writer.TryWrite(e);
        client.ViewersChanged += (_, e) => viewers.Writer.TryWrite(e.Viewers);
        var join = client.JoinAsync(Room);
        await peer.NextAsync(FrameCode.Join);
        await peer.SendAsync(FrameCode.Join, Whole);
        var info = await join.WaitAsync(FakeServer.Patience);
        var first = new RoomState(StreamState.Off, 0, 0, 3, "Noodles", "");
        Assert.Equal((first, "/live/1000001.flv"), (info.State, info.StreamUrl));
        Assert.Equal(first, (await NextAsync(states)).State);

        await TellAsync(peer, new { roomId = Room, @event = "state", stream = "live", width = 1280, height = 720, viewers = 9, joined = new[] { "Ann", "鱼" } });
        var live = await NextAsync(states);
        Assert.Equal((Room, new RoomState(StreamState.Live, 1280, 720, 9, "Noodles", "")), (live.RoomId, live.State));
        Assert.Equal(["Ann", "鱼"], live.Joined);
        Assert.Equal(9, await NextAsync(viewers));
        await TellAsync(peer, new { roomId = Room, @event = "state", stream = "away", announcement = "back soon" });
        Assert.Equal(new RoomState(StreamState.Away, 1280, 720, 9, "Noodles", "back soon"), (await NextAsync(states)).State);

        peer.Cut();
        var again = await server.AcceptLoginAsync();
        await again.NextAsync(FrameCode.Join);
        await again.SendAsync(FrameCode.Join, Whole);
        Assert.Equal(first, (await NextAsync(states)).State);
    }

    [Fact]
    public async Task Changes_of_rooms_that_were_left_and_what_is_no_change_are_no_messages()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(o => o with { RoomState = true });
        await using var disposal = client;
        List<RoomStateChangedEventArgs> states = [];
        client.RoomStateChanged += (_, e) => states.Add(e);
        await TellAsync(peer, new { roomId = Room, @event = "state", viewers = 9 });
        await peer.SendAsync(FrameCode.Message, new { userId = FakeServer.UserId, bizCode = BizCodes.RoomState, msgId = "x", data = "no JSON" });
        await peer.PushAsync("d:10001:10002", 1);
        Assert.Equal(["m1"], await client.TakeAsync(1));
        Assert.Empty(states);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_asked_for_in_the_LOGIN_where_the_option_is_on(bool isOn)
    {
        await using var server = new FakeServer();
        await using var client = server.Client(o => o with { RoomState = isOn });
        var connect = client.ConnectAsync();
        var login = await (await server.AcceptAsync()).AnswerLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        Assert.Equal(isOn ? """["state"]""" : null, login.Body.TryGetProperty("features", out var features) ? features.GetRawText() : null);
    }

    private static async Task<T> NextAsync<T>(Channel<T> channel) => await channel.Reader.ReadAsync().AsTask().WaitAsync(FakeServer.Patience);

    private static Task TellAsync(FakePeer peer, object change) => peer.SendAsync(
        FrameCode.Message, new { userId = FakeServer.UserId, appId = FakeServer.AppId, bizCode = BizCodes.RoomState, msgId = Guid.NewGuid(), data = JsonSerializer.Serialize(change) });
}
