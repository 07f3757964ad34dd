using System.Text;
using Sailfish.Server.Cluster.Postgres;

namespace Sailfish.Tests.Server.Cluster.Postgres;

public sealed class NotifyPayloadTests
{
    /// <summary>PostgreSQL refuses payloads of 8,000 bytes and more.</summary>
    private const int MostOfPostgres = 7_999;

    [Theory]
    [InlineData(1)]
    [InlineData(NotifyPayload.PartBytes - 1)]
    [InlineData(NotifyPayload.PartBytes)]
    [InlineData(NotifyPayload.PartBytes + 1)]
    [InlineData((2 * NotifyPayload.PartBytes) + 17)]
    [InlineData(NotifyBus.LargestFrame)]
    public void A_frame_of_any_size_comes_back_from_its_payloads(int length)
    {
        var frame = new byte[length];
        new Random(length).NextBytes(frame);
        List<string> payloads = [];
        NotifyPayload.Write(frame, 5, payloads.Add);
        Assert.Equal(NotifyPayload.PartsOf(length), payloads.Count);
        Assert.All(payloads, payload => Assert.InRange(Encoding.UTF8.GetByteCount(payload), 1, MostOfPostgres));
        Assert.Equal(payloads.Distinct(), payloads);

        var parts = new NotifyParts(NotifyBus.LargestFrame);
        for (var i = 0; i < payloads.Count; i++)
        {
            Assert.True(NotifyPayload.TryRead(payloads[i], out var isLast, out var bytes));
            Assert.Equal(i == payloads.Count - 1, isLast);
            var whole = parts.Add(1, "c", bytes, isLast);
            Assert.Equal(isLast ? frame : null, whole?.ToArray());
        }
    }

    [Fact]
    public void The_same_frame_twice_in_a_transaction_has_two_payloads()
    {
        List<string> payloads = [];
        NotifyPayload.Write([1], payloads.Count, payloads.Add);
        NotifyPayload.Write([1], payloads.Count, payloads.Add);
        Assert.Equal(2, payloads.Distinct().Count());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("000.")]
    [InlineData("000/AAAA")]
    [InlineData("000.AAA")]
    [InlineData("000.A AA")]
    [InlineData("000.é===")]
    [InlineData("hello, world")]
    public void What_no_bus_has_sent_is_none(string payload) => Assert.False(NotifyPayload.TryRead(payload, out _, out _));

    [Fact]
    public void Parts_whose_rest_does_not_come_are_forgotten()
    {
        var parts = new NotifyParts(maxBytes: 10);
        Assert.Null(parts.Add(1, "c", [1], isLast: false));
        // Another sender, and the same on another channel: their own frames.
        Assert.Equal([2], parts.Add(2, "c", [2], isLast: true)!.Value.ToArray());
        Assert.Null(parts.Add(1, "c", [3], isLast: false));
        Assert.Equal([4], parts.Add(1, "d", [4], isLast: true)!.Value.ToArray());
        Assert.Null(parts.Add(1, "c", [5, 6], isLast: false));
        Assert.Equal([5, 6, 7], parts.Add(1, "c", [7], isLast: true)!.Value.ToArray());
    }

    [Fact]
    public void Parts_that_would_be_too_much_are_let_go()
    {
        var parts = new NotifyParts(maxBytes: 10);
        Assert.Null(parts.Add(1, "c", new byte[8], isLast: false));
        Assert.Null(parts.Add(1, "c", new byte[8], isLast: false));
        Assert.Null(parts.Add(1, "c", new byte[8], isLast: false));
        Assert.Null(parts.Add(1, "c", new byte[8], isLast: true));
    }
}
