using Sailfish.Client;
using Sailfish.Client.Connection;
using Sailfish.Client.Transports;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Client;

/// <summary>Whatever a close or the end of a connection overtakes has one outcome.</summary>
public sealed class CloseTests
{
    private static readonly Dictionary<FrameCode, Func<SailfishClient, Task>> Calls = new()
    {
        [FrameCode.Message] = client => client.SendAsync(10002, "hello"),
        [FrameCode.Join] = client => client.JoinAsync(7),
        [FrameCode.Leave] = client => client.LeaveAsync(7),
        [FrameCode.Sync] = client => client.CatchUpAsync(),
    };

    public static TheoryData<FrameCode> Codes => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Call_that_waits_for_its_answer_when_the_client_closes_says_closed(FrameCode code)
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        var call = Calls[code](client);
        await peer.NextAsync(code);
        await client.DisposeAsync();
        await SaysClosedAsync(call);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Call_that_waits_for_a_connection_when_the_client_closes_says_closed(FrameCode code)
    {
        await using var server = new FakeServer();
        var client = server.Client();
        var call = Calls[code](client);
        await client.DisposeAsync();
        await SaysClosedAsync(call);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Call_after_the_close_says_closed(FrameCode code)
    {
        await using var server = new FakeServer();
        var (client, _) = await server.ConnectAsync();
        await client.DisposeAsync();
        await SaysClosedAsync(Calls[code](client));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Connect_after_the_close_says_closed()
    {
        await using var server = new FakeServer();
        var client = server.Client();
        await client.DisposeAsync();
        await SaysClosedAsync(client.ConnectAsync());
    }

    [Fact]
    public async Task Connect_that_a_close_overtakes_says_closed()
    {
        await using var server = new FakeServer();
        var client = server.Client();
        var connect = client.ConnectAsync();
        await (await server.AcceptAsync()).NextAsync(FrameCode.Login);
        await client.DisposeAsync();
        await SaysClosedAsync(connect);
        Assert.Equal(SailfishState.Closed, client.State);
    }

    [Fact]
    public async Task Token_provider_that_minds_no_cancellation_does_not_hold_up_the_close()
    {
        await using var server = new FakeServer();
        var never = new TaskCompletionSource<string>();
        var asked = new TaskCompletionSource();
        var tokens = 0;
        var (client, peer) = await server.ConnectAsync(options => options with
        {
            Token = async _ =>
            {
                if (Interlocked.Increment(ref tokens) == 1)
                    return "token";
                asked.TrySetResult();
                return await never.Task;
            },
        });
        peer.Cut();
        await asked.Task.WaitAsync(FakeServer.Patience);
        await client.DisposeAsync().AsTask().WaitAsync(FakeServer.Patience);
        Assert.Equal(SailfishState.Closed, client.State);
    }

    [Fact]
    public async Task Token_provider_that_gives_up_by_itself_does_not_close_the_client()
    {
        await using var server = new FakeServer();
        var tokens = 0;
        var (client, peer) = await server.ConnectAsync(options => options with
        {
            // As an HTTP client whose own timeout is over.
            Token = _ => Interlocked.Increment(ref tokens) == 2 ? throw new TaskCanceledException() : ValueTask.FromResult("token"),
        });
        await using var _ = client;
        peer.Cut();
        await server.AcceptLoginAsync();
        await Wait.UntilAsync(() => client.State == SailfishState.Online);
    }

    [Fact]
    public async Task Catching_up_with_what_nobody_reads_any_more_says_closed()
    {
        await using var server = new FakeServer();
        await using var client = server.Client(options => options with { AckWhenRead = true });
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        var catchUp = client.CatchUpAsync();
        await peer.AnswerSyncAsync([FakePeer.Message("d:10001:10002", 1)]);
        await peer.AnswerSyncAsync([]);
        // Its answer stands behind that of the catching up, which waits for the reader alone from then on.
        var join = client.JoinAsync(7);
        await peer.AnswerJoinAsync(7, 0);
        await join.WaitAsync(FakeServer.Patience);
        await client.DisposeAsync();
        await SaysClosedAsync(catchUp);
        Assert.Equal("m1", Assert.Single(await client.Messages().ToListAsync()).Content);
    }

    [Fact]
    public async Task Logging_out_of_a_connection_that_has_ended_returns()
    {
        // Whoever closes takes the connection there is; the server ends it before he says goodbye.
        var session = new Session(new EndedTransport(), TimeSpan.FromSeconds(30), TimeProvider.System);
        await session.RunAsync(_ => { });
        await session.DisposeAsync();
        await session.LogoutAsync().WaitAsync(FakeServer.Patience);
        session.Stop();
    }

    private static async Task SaysClosedAsync(Task call)
    {
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => call.WaitAsync(FakeServer.Patience));
        Assert.Equal(ClientErrors.Closed, thrown.Error);
    }

    /// <summary>A connection that the server has ended.</summary>
    private sealed class EndedTransport : ITransport
    {
        public ValueTask<InboundFrame?> ReadAsync(CancellationToken cancellation) => ValueTask.FromResult<InboundFrame?>(null);

        public ValueTask WriteAsync(IReadOnlyList<OutboundFrame> frames, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
