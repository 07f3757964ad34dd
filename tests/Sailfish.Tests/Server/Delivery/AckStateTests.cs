using Sailfish.Server.Delivery;

namespace Sailfish.Tests.Server.Delivery;

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
                    case 2:
                        var last = Math.Min(MaxSeq, seq + random.NextInt64(5));
                        Assert.Equal(!model.IsSupersetOf(Range(seq, last)), state.Mark(seq, last));
                        model.UnionWith(Range(seq, last));
                        break;
                    case 0:
                        state.MarkUpTo(seq);
                        model.UnionWith(Range(1, seq));
                        break;
                    case 1:
                        // The store is never ahead of what was acked, but it may know more than this state.
                        Assert.Equal(Whole([.. model, .. Range(1, seq)]), state.Merge(seq));
                        model.UnionWith(Range(1, seq));
                        break;
                    default:
                        Assert.Equal(model.Add(seq), state.Mark(seq, seq));
                        break;
                }

                Assert.Equal(Whole(model), state.UpTo);
                Assert.Equal(model.Any(s => s > state.UpTo), state.HasRuns);
                for (long s = 1; s <= MaxSeq + 1; s++)
                {
                    Assert.True(model.Contains(s) == state.IsAcked(s), $"seed {seed}, round {round}, step {step}: seq {s}");
                    Assert.Equal(Hole(model, s), state.NextUnacked(s - 1));
                }
            }
        }
    }

    [Fact]
    public void More_holes_than_are_kept_never_ack_what_was_not_acked()
    {
        var state = new AckState(10001, 1);
        for (long seq = 2; seq <= 6000; seq += 2)
            state.Mark(seq, seq);
        Assert.Equal(0, state.UpTo);
        for (long seq = 1; seq <= 6000; seq += 2)
            Assert.False(state.IsAcked(seq));
        Assert.InRange(Enumerable.Range(1, 6000).Count(s => state.IsAcked(s)), 1000, 1100);

        // A hole that closes beyond the kept ones does no harm, and the front still advances.
        state.Mark(1, 1);
        Assert.Equal(2, state.UpTo);
        state.MarkUpTo(6000);
        Assert.Equal(6000, state.UpTo);
        Assert.False(state.HasRuns);
    }

    [Fact]
    public void An_ack_of_what_is_acked_leaves_nothing_to_save()
    {
        var state = new AckState(10001, 1);
        Assert.True(state.MarkUpTo(5));
        Assert.False(state.Mark(3, 3));
        Assert.False(state.MarkUpTo(4));
        Assert.True(state.Mark(6, 6));
        Assert.True(state.Mark(8, 10));
        Assert.False(state.Mark(9, 10));
        Assert.True(state.Mark(9, 11));
    }

    private static IEnumerable<long> Range(long from, long to) => Enumerable.Range((int)from, (int)(to - from + 1)).Select(s => (long)s);

    /// <summary>The next hole from a seq on, as the plain set has it.</summary>
    private static (long From, long To) Hole(HashSet<long> model, long seq)
    {
        while (model.Contains(seq))
            seq++;
        var behind = model.Where(s => s > seq).DefaultIfEmpty().Min();
        return (seq, behind == 0 ? long.MaxValue : behind - 1);
    }

    private static long Whole(HashSet<long> model)
    {
        long seq = 0;
        while (model.Contains(seq + 1))
            seq++;
        return seq;
    }
}
