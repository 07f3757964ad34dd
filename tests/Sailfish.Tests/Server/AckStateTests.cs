using Sailfish.Server.Delivery;

namespace Sailfish.Tests.Server;

public sealed class AckStateTests
{
    private const int MaxSeq = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_acks_in_any_order_agree_with_a_plain_set(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var state = new AckState(10001, 1);
            HashSet<long> model = [];
            for (var step = 0; step < 80; step++)
            {
                var seq = random.NextInt64(1, MaxSeq + 1);
                switch (random.Next(12))
                {
                    case 0:
                        state.MarkUpTo(seq);
                        model.UnionWith(UpTo(seq));
                        break;
                    case 1:
                        // The store is never ahead of what was acked, but it may know more than this state.
                        Assert.Equal(Whole([.. model, .. UpTo(seq)]), state.Merge(seq));
                        model.UnionWith(UpTo(seq));
                        break;
                    default:
                        state.Mark(seq);
                        model.Add(seq);
                        break;
                }

                Assert.Equal(Whole(model), state.UpTo);
                Assert.Equal(model.Any(s => s > state.UpTo), state.HasRuns);
                for (long s = 1; s <= MaxSeq + 1; s++)
                    Assert.True(model.Contains(s) == state.IsAcked(s), $"seed {seed}, round {round}, step {step}: seq {s}");
            }
        }
    }

    [Fact]
    public void More_holes_than_are_kept_never_ack_what_was_not_acked()
    {
        var state = new AckState(10001, 1);
        for (long seq = 2; seq <= 6000; seq += 2)
            state.Mark(seq);
        Assert.Equal(0, state.UpTo);
        for (long seq = 1; seq <= 6000; seq += 2)
            Assert.False(state.IsAcked(seq));
        Assert.InRange(Enumerable.Range(1, 6000).Count(s => state.IsAcked(s)), 1000, 1100);

        // A hole that closes beyond the kept ones does no harm, and the front still advances.
        state.Mark(1);
        Assert.Equal(2, state.UpTo);
        state.MarkUpTo(6000);
        Assert.Equal(6000, state.UpTo);
        Assert.False(state.HasRuns);
    }

    [Fact]
    public void An_ack_of_what_is_acked_leaves_nothing_to_save()
    {
        var state = new AckState(10001, 1);
        state.MarkUpTo(5);
        state.IsDirty = false;
        state.Mark(3);
        state.MarkUpTo(4);
        Assert.False(state.IsDirty);
        state.Mark(6);
        Assert.True(state.IsDirty);
    }

    private static IEnumerable<long> UpTo(long seq) => Enumerable.Range(1, (int)seq).Select(s => (long)s);

    private static long Whole(HashSet<long> model)
    {
        long seq = 0;
        while (model.Contains(seq + 1))
            seq++;
        return seq;
    }
}
