using Sailfish.Client;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Client;

public sealed class ConnectTests
{
    [Theory]
    [InlineData(FakeDialect.Tcp)]
    [InlineData(FakeDialect.WebSocketJson)]
    [InlineData(FakeDialect.WebSocketBinary)]
    public async Task Login_over_each_transport_carries_who_and_protocol_2(FakeDialect dialect)
    {
        await using var server = new FakeServer(dialect);
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptAsync();
        var login = await peer.AnswerLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        Assert.Equal(SailfishState.Online, client.State);
        Assert.Equal("token", login.Text("token"));
        Assert.Equal((FakeServer.AppId, FakeServer.UserId, 2), (login.Number("appId"), login.Number("userId"), login.Number("protocol")));
        Assert.False(string.IsNullOrEmpty(login.Text("deviceId")));
    }

    [Theory]
    [InlineData(FakeDialect.Tcp)]
    [InlineData(FakeDialect.WebSocketJson)]
    [InlineData(FakeDialect.WebSocketBinary)]
    public async Task Messages_pass_both_ways_over_each_transport(FakeDialect dialect)
    {
        await using var server = new FakeServer(dialect);
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var send = client.SendAsync(10002, "héllo \"世界\"");
        var sent = await peer.AnswerMessageAsync("d:10001:10002", 1);
        Assert.Equal("héllo \"世界\"", sent.Content);
        Assert.Equal(("d:10001:10002", 1), ((await send).Conversation, (await send).Seq));
        await peer.PushAsync("d:10001:10002", 2);
        Assert.Equal(["m2"], await client.TakeAsync(1));
    }

    [Fact]
    public async Task Refused_token_throws_its_word_and_leaves_the_client_unconnected()
    {
        await using var server = new FakeServer();
        await using var client = server.Client(options => options with { RetryFirstConnect = true });
        var connect = client.ConnectAsync();
        var peer = await server.AcceptAsync();
        await peer.NextAsync(FrameCode.Login);
        await peer.SendAsync(FrameCode.Error, new { error = "bad_token", message = "The token has expired." });
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => connect.WaitAsync(FakeServer.Patience));
        Assert.Equal(ErrorWords.BadToken, thrown.Error);
        Assert.Contains("The token has expired.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(SailfishState.NotConnected, client.State);
    }

    [Fact]
    public async Task Unreachable_server_throws_on_the_first_connect()
    {
        var server = new FakeServer();
        await using var client = server.Client();
        await server.DisposeAsync();
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => client.ConnectAsync().WaitAsync(FakeServer.Patience));
        Assert.Equal(ClientErrors.Unreachable, thrown.Error);
    }

    [Fact]
    public async Task First_connect_is_tried_again_where_the_options_say_so()
    {
        await using var server = new FakeServer();
        await using var client = server.Client(options => options with { RetryFirstConnect = true });
        var connect = client.ConnectAsync();
        (await server.AcceptAsync()).Cut();
        (await server.AcceptAsync()).Cut();
        await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
    }

    [Fact]
    public async Task Token_provider_that_throws_fails_the_connect_with_its_exception_inside()
    {
        await using var server = new FakeServer();
        await using var client = server.Client(options => options with { Token = _ => throw new InvalidOperationException("no tokens today") });
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => client.ConnectAsync().WaitAsync(FakeServer.Patience));
        Assert.Equal(ClientErrors.TokenUnavailable, thrown.Error);
        Assert.IsType<InvalidOperationException>(thrown.InnerException);
    }

    [Fact]
    public async Task Each_login_asks_for_a_token_of_its_own()
    {
        await using var server = new FakeServer();
        var count = 0;
        await using var client = server.Client(options => options with { Token = _ => ValueTask.FromResult($"t{++count}") });
        var connect = client.ConnectAsync();
        (await server.AcceptLoginAsync()).Cut();
        var second = await server.AcceptAsync();
        Assert.Equal("t2", (await second.AnswerLoginAsync()).Text("token"));
        await connect.WaitAsync(FakeServer.Patience);
    }

    [Fact]
    public async Task Peer_that_speaks_something_else_is_no_server()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptAsync();
        await peer.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => connect.WaitAsync(FakeServer.Patience));
        Assert.Equal(ClientErrors.BadPeer, thrown.Error);
    }

    [Fact]
    public async Task Bye_to_come_back_is_followed_by_a_reconnect()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var reconnecting = ClientAssert.NextAsync<StateChangedEventArgs>(handler => client.StateChanged += handler);
        await peer.SendAsync(FrameCode.Bye, new { reason = "draining", reconnect = true, afterMs = 20 });
        Assert.Equal((SailfishState.Reconnecting, "draining"), ((await reconnecting).State, (await reconnecting).Reason));
        await server.AcceptLoginAsync();
        await Wait.UntilAsync(() => client.State == SailfishState.Online);
    }

    [Fact]
    public async Task Bye_to_stay_away_closes_with_its_reason()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var closed = ClientAssert.NextAsync<ClosedEventArgs>(handler => client.Closed += handler);
        var send = client.SendAsync(10002, "never stored");
        await peer.NextAsync(FrameCode.Message);
        await peer.SendAsync(FrameCode.Bye, new { reason = "kicked", reconnect = false });
        Assert.Equal("kicked", (await closed).Reason);
        Assert.Equal(SailfishState.Closed, client.State);
        Assert.Equal(ClientErrors.Closed, (await Assert.ThrowsAsync<SailfishException>(() => send)).Error);
        Assert.Equal(ClientErrors.Closed, (await Assert.ThrowsAsync<SailfishException>(() => client.JoinAsync(1))).Error);
        Assert.Empty(await client.Messages().ToListAsync());
    }

    [Fact]
    public async Task Refused_token_on_a_reconnect_closes()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var closed = ClientAssert.NextAsync<ClosedEventArgs>(handler => client.Closed += handler);
        peer.Cut();
        var second = await server.AcceptAsync();
        await second.SendAsync(FrameCode.Error, new { error = "bad_token", message = "revoked" });
        Assert.Equal("bad_token", (await closed).Reason);
    }

    [Fact]
    public async Task Heartbeats_go_out_and_tell_the_viewers()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync(heartbeatSeconds: 1);
        await connect.WaitAsync(FakeServer.Patience);
        var viewers = ClientAssert.NextAsync<ViewersChangedEventArgs>(handler => client.ViewersChanged += handler);
        await peer.NextAsync(FrameCode.Heartbeat);
        await peer.SendAsync(FrameCode.Heartbeat, new { data = "true", rooms = new Dictionary<string, int> { ["7"] = 42 } });
        Assert.Equal((7, 42), ((await viewers).RoomId, (await viewers).Viewers));
    }

    [Fact]
    public async Task Silent_server_counts_as_dead_after_two_and_a_half_heartbeats()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        await server.AcceptLoginAsync(heartbeatSeconds: 1);
        await connect.WaitAsync(FakeServer.Patience);
        var since = TimeProvider.System.GetTimestamp();
        await server.AcceptLoginAsync();
        // By the real clock: how long it waits is what is asked.
        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.FromSeconds(2.3), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Dispose_logs_out_and_ends_the_messages()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        List<SailfishState> states = [];
        client.StateChanged += (_, args) => states.Add(args.State);
        await peer.PushAsync("d:10001:10002", 1);
        Assert.Equal(["m1"], await client.TakeAsync(1));
        await client.DisposeAsync();
        Assert.Equal(FrameCode.Logout, (await peer.ReadToEndAsync())[^1].Code);
        Assert.Empty(await client.Messages().ToListAsync());
        await Wait.UntilAsync(() => states.Count > 0);
        Assert.Equal([SailfishState.Closed], states);
    }

    [Fact]
    public async Task Second_connect_is_a_mistake()
    {
        await using var server = new FakeServer();
        var (client, _) = await server.ConnectAsync();
        await using var disposal = client;
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync());
    }
}
