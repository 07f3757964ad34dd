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

    private long After(int seconds) => _time.GetTimestamp() + (seconds * _time.TimestampFrequency);
}
