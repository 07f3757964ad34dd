using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Nodes;

/// <summary>Numbers that go up and come once, over all threads, nodes and starts.</summary>
public sealed class NodeNumbersTests
{
    private const long Last = (1L << 23) - 1;

    [Fact]
    public async Task Numbers_of_many_threads_go_up_and_are_all_different()
    {
        var numbers = Of(1);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 5000).Select(_ => numbers.Next()).ToList())));
        Assert.Equal(20_000, taken.SelectMany(t => t).Distinct().Count());
        Assert.All(taken, ofOne => Assert.Equal(ofOne.Order(), ofOne));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8191)]
    [InlineData(Last - 1)]
    public void Every_number_of_a_start_is_above_those_of_the_starts_before(long generation)
    {
        var (before, after) = (Of(generation), Of(generation + 1));
        Assert.Equal([generation, generation + 1], new[] { before.Next(), after.Next() }.Select(number => number >> NodeNumbers.CounterBits));
        Assert.True(before.Next() < after.Next());
        Assert.True(before.Next() > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(Last + 1)]
    [InlineData(long.MaxValue)]
    public void A_start_whose_numbers_would_not_be_its_own_is_none(long generation) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NodeLease(generation, TimeProvider.System));

    private static NodeNumbers Of(long generation) => new(new NodeLease(generation, TimeProvider.System));
}
