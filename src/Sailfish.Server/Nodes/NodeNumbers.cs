namespace Sailfish.Server.Nodes;

/// <summary>
/// Numbers that go up, and that no other node and no other start gives: the generation in the high bits, a counter in the
/// low ones. There is no clock in them, so none can make one come twice.
/// </summary>
internal sealed class NodeNumbers(NodeLease lease)
{
    /// <summary>Room for a million numbers a second over twelve days, and for eight million starts.</summary>
    public const int CounterBits = 40;

    private long _last = lease.Generation << CounterBits;

    public long Next() => Interlocked.Increment(ref _last);
}
