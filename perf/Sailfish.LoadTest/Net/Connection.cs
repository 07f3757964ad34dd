using System.Buffers;

namespace Sailfish.LoadTest.Net;

/// <summary>One socket of a <see cref="Poller"/>: no more than what is left over between two events.</summary>
internal abstract class Connection
{
    /// <summary>The socket, or −1.</summary>
    internal int Descriptor { get; set; } = -1;

    internal bool IsOpen => Descriptor >= 0;

    /// <summary>The start of a frame whose rest has not arrived.</summary>
    internal byte[] Carry { get; private set; } = [];

    internal int CarryLength { get; private set; }

    /// <summary>What the kernel would not take yet; null on nearly every connection.</summary>
    internal ArrayBufferWriter<byte>? Unsent { get; set; }

    /// <summary>Takes whole frames from the front of <paramref name="received"/>; returns how many bytes they took.</summary>
    internal abstract int Consume(ReadOnlyMemory<byte> received);

    /// <summary>The peer closed, or the socket failed.</summary>
    internal abstract void OnClosed();

    internal void KeepCarry(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > Carry.Length)
            Carry = new byte[Math.Max(512, rest.Length)];
        rest.CopyTo(Carry);
        CarryLength = rest.Length;
    }
}
