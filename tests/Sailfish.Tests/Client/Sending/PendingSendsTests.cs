using Sailfish.Client;
using Sailfish.Client.Sending;
using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Client.Sending;

public sealed class PendingSendsTests
{
    private static readonly Receipt AReceipt = new("m", "d:1:2", 1, DateTimeOffset.UnixEpoch);
    private static readonly SailfishException Limited = new(ErrorWords.RateLimited, "too fast", 70);
    private readonly PendingSends _pending = new(maxInFlight: 3, rateLimitRetries: 2, TimeSpan.FromSeconds(60));

    [Fact]
    public void No_more_than_the_window_is_in_flight()
    {
        Add("a", "b", "c", "d", "e");
        Assert.Equal(["a", "b", "c"], Pump());
        Assert.Empty(Pump());
        _pending.TryComplete("b", AReceipt);
        Assert.Equal(["d"], Pump());
    }

    [Fact]
    public void Lost_connection_sends_everything_without_a_receipt_again_in_order()
    {
        Add("a", "b", "c");
        Pump();
        _pending.TryComplete("a", AReceipt);
        _pending.ConnectionLost();
        Assert.Equal(["b", "c"], Pump());
    }

    [Fact]
    public void Refusal_for_the_rate_pauses_and_then_goes_one_at_a_time_in_order()
    {
        Add("a", "b", "c");
        Pump();
        Assert.Equal(TimeSpan.FromMilliseconds(70), _pending.Refuse("a", Limited));
        Assert.Equal(TimeSpan.FromMilliseconds(70), _pending.Refuse("b", Limited));
        Assert.Equal(TimeSpan.FromMilliseconds(70), _pending.Refuse("c", Limited));
        Assert.Equal(["a"], Pump());
        Assert.Empty(Pump());
        _pending.TryComplete("a", AReceipt);
        Assert.Equal(["b"], Pump());
    }

    [Fact]
    public void Window_opens_again_after_the_limited_ones_are_through()
    {
        Add("a");
        Pump();
        _pending.Refuse("a", Limited);
        Pump();
        _pending.TryComplete("a", AReceipt);
        Add("b", "c");
        Assert.Equal(["b", "c"], Pump());
    }

    [Fact]
    public async Task Refusals_for_the_rate_beyond_the_bound_fail()
    {
        var send = Add("a")[0];
        for (var i = 0; i < 2; i++)
        {
            Pump();
            Assert.NotNull(_pending.Refuse("a", Limited));
        }

        Pump();
        Assert.Null(_pending.Refuse("a", Limited));
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => send.Result);
        Assert.Equal((ErrorWords.RateLimited, 70), (thrown.Error, thrown.RetryAfterMs));
        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public async Task Refusal_for_another_reason_fails_at_once()
    {
        var send = Add("a", "b")[0];
        Pump();
        Assert.Null(_pending.Refuse("a", new SailfishException(ErrorWords.ContentRefused, "no")));
        await Assert.ThrowsAsync<SailfishException>(() => send.Result);
        Assert.Equal(1, _pending.Count);
    }

    [Fact]
    public void Same_id_while_pending_is_the_same_message()
    {
        var first = Add("a")[0];
        Assert.Same(first, Add("a")[0]);
        Assert.Equal(["a"], Pump());
    }

    [Fact]
    public async Task Message_that_two_wait_for_stays_until_the_last_gives_up()
    {
        var send = Add("a", "a")[0];
        Pump();
        Assert.False(_pending.Forget(send));
        Assert.True(_pending.TryComplete("a", AReceipt));
        Assert.Equal(AReceipt, await send.Result);
        var lonely = Add("b")[0];
        Assert.True(_pending.Forget(lonely));
        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public async Task Refusal_for_the_rate_that_outlasts_the_patience_fails_at_once()
    {
        var send = Add("a")[0];
        Pump();
        Assert.Null(_pending.Refuse("a", new SailfishException(ErrorWords.RateLimited, "one an hour", 3_600_000)));
        Assert.Equal(3_600_000, (await Assert.ThrowsAsync<SailfishException>(() => send.Result)).RetryAfterMs);
    }

    private List<PendingSend> Add(params string[] ids) =>
        [.. ids.Select(id => _pending.Add(new PendingSend(id, OutboundFrame.Empty(FrameCode.Message))))];

    private List<string> Pump()
    {
        List<string> sent = [];
        _pending.Pump(send => sent.Add(send.ClientMsgId));
        return sent;
    }
}
