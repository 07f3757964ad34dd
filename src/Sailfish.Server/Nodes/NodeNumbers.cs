namespace Sailfish.Server.Nodes;

/// <summary>
/// Numbers that go up, and that no other node and no other start gives: the generation in the high bits, a counter in the
/// low ones. There is no clock in them, so none can make one come twice.
/// </summary>
internal sealed class NodeNumbers(NodeLease lease)
{
    /// <summary>Room for a million numbers a second over twelve days, and for eight million starts.</summary>
    public const int CounterBits = 40;

    private long _last;

    public long Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            // A node that begins anew has a larger generation: its numbers go on above.
            var next = Math.Max(last, lease.Generation << CounterBits) + 1;
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }
}
