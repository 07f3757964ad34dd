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
    public async Task Of_those_with_one_id_one_is_in_flight_and_what_is_behind_the_other_waits_with_it()
    {
        var sends = Add("a", "b", "a", "c");
        Assert.Equal(["a", "b"], Pump());
        Assert.True(_pending.TryComplete("a", AReceipt));
        Assert.Equal(AReceipt, await sends[0].Result);
        Assert.Equal(["a", "c"], Pump());
        Assert.Null(_pending.Refuse("a", new SailfishException(ErrorWords.ContentRefused, "no")));
        await Assert.ThrowsAsync<SailfishException>(() => sends[2].Result);
        Assert.Equal(2, _pending.Count);
    }

    [Fact]
    public void Lost_connection_sends_those_with_one_id_again_one_after_the_other()
    {
        Add("a", "a");
        Pump();
        _pending.ConnectionLost();
        Assert.Equal(["a"], Pump());
        Assert.True(_pending.TryComplete("a", AReceipt));
        Assert.Equal(["a"], Pump());
    }

    [Fact]
    public void Refusal_for_the_rate_puts_the_one_that_was_in_flight_back_before_the_other()
    {
        var sends = Add("a", "a");
        Pump();
        Assert.NotNull(_pending.Refuse("a", Limited));
        Assert.Equal(["a"], Pump());
        Assert.Equal((true, false), (sends[0].InFlight, sends[1].InFlight));
    }

    [Fact]
    public void Receipt_of_another_conversation_is_another_messages()
    {
        _pending.Add(new PendingSend("a", OutboundFrame.Empty(FrameCode.Message), "d:1:3"));
        Pump();
        Assert.False(_pending.TryComplete("a", AReceipt));
        Assert.True(_pending.TryComplete("a", AReceipt with { Conversation = "d:1:3" }));
        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public void Forgotten_one_leaves_its_turn_to_the_next_with_its_id_and_is_forgotten_once()
    {
        var sends = Add("a", "a");
        Pump();
        Assert.True(_pending.Forget(sends[0]));
        Assert.False(_pending.Forget(sends[0]));
        Assert.Equal(["a"], Pump());
        Assert.True(_pending.TryComplete("a", AReceipt));
        Assert.False(_pending.Forget(sends[1]));
        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public async Task All_fail_in_flight_or_not()
    {
        var sends = Add("a", "a", "b");
        Pump();
        _pending.FailAll(new SailfishException(ClientErrors.Closed, "closed"));
        foreach (var send in sends)
            await Assert.ThrowsAsync<SailfishException>(() => send.Result);
        Assert.Equal(0, _pending.Count);
        Assert.Empty(Pump());
    }

    [Fact]
    public async Task Refusal_for_the_rate_that_outlasts_the_patience_fails_at_once()
    {
        var send = Add("a")[0];
        Pump();
        Assert.Null(_pending.Refuse("a", new SailfishException(ErrorWords.RateLimited, "one an hour", 3_600_000)));
        Assert.Equal(3_600_000, (await Assert.ThrowsAsync<SailfishException>(() => send.Result)).RetryAfterMs);
    }

    private List<PendingSend> Add(params string[] ids)
    {
        List<PendingSend> sends = [.. ids.Select(id => new PendingSend(id, OutboundFrame.Empty(FrameCode.Message), conversation: null))];
        sends.ForEach(_pending.Add);
        return sends;
    }

    private List<string> Pump()
    {
        List<string> sent = [];
        _pending.Pump(send => sent.Add(send.ClientMsgId));
        return sent;
    }
}
