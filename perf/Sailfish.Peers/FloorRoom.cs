using System.Net.Sockets;

namespace Sailfish.Peers;

/// <summary>The members of the one room of the floor.</summary>
internal sealed class FloorRoom
{
    private readonly Lock _lock = new();
    private readonly List<Socket> _members = [];
    private long _seq;

    internal void Join(Socket member)
    {
        lock (_lock)
            _members.Add(member);
    }

    internal long NextSeq() => Interlocked.Increment(ref _seq);

    /// <summary>One call of send for each member but the sender.</summary>
    internal void Send(ReadOnlySpan<byte> frame, Socket sender)
    {
        lock (_lock)
        {
            foreach (var member in _members)
            {
                if (!ReferenceEquals(member, sender))
                    member.Send(frame);
            }
        }
    }
}
