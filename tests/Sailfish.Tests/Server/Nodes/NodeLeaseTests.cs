using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Nodes;

/// <summary>Until when a node may append and deliver.</summary>
public sealed class NodeLeaseTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Of_a_server_that_is_alone_it_never_ends()
    {
        var lease = new NodeLease(1, _time);
        _time.Advance(TimeSpan.FromDays(100_000));
        Assert.True(lease.IsValid);
    }

    [Fact]
    public void Of_others_it_ends_with_its_time_unless_it_is_extended()
    {
        var lease = new NodeLease(1, _time, After(7));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(lease.IsValid);
        lease.Extend(After(7));
        _time.Advance(TimeSpan.FromSeconds(7) - TimeSpan.FromTicks(1));
        Assert.True(lease.IsValid);
        // Also for a process that stood still meanwhile: whoever asks first after it is told.
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(lease.IsValid);
        lease.Extend(After(7));
        Assert.True(lease.IsValid);
    }

    [Fact]
    public void Given_up_by_the_others_it_has_ended_until_the_node_begins_anew()
    {
        var lease = new NodeLease(1, _time, After(7));
        lease.End();
        Assert.False(lease.IsValid);
        Assert.Equal(TimeSpan.Zero, lease.Remaining);
        lease.Begin(2, After(7));
        Assert.True(lease.IsValid);
        Assert.Equal((2, TimeSpan.FromSeconds(7)), (lease.Generation, lease.Remaining));
    }

    [Fact]
    public void It_says_how_long_ago_it_ended()
    {
        var lease = new NodeLease(1, _time, After(7));
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.Zero, lease.Overdue);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), lease.Overdue);
        lease.Extend(After(7));
        Assert.Equal(TimeSpan.Zero, lease.Overdue);
        Assert.Equal(TimeSpan.Zero, new NodeLease(1, _time).Overdue);
    }

    private long After(int seconds) => _time.GetTimestamp() + (seconds * _time.TimestampFrequency);
}
