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

    /// <summary>Bytes that the kernel may hold for this connection; 0 leaves it to the kernel.</summary>
    internal int ReceiveBuffer { get; init; }

    /// <summary>Nothing is read while this is true.</summary>
    internal bool IsPaused { get; set; }

    /// <summary>Whether a reset ends it while it is paused; otherwise whoever reads again finds the end.</summary>
    internal bool EndsWhilePaused { get; init; }

    /// <summary>What the kernel would not take yet; null on nearly every connection.</summary>
    internal ArrayBufferWriter<byte>? Unsent { get; set; }

    /// <summary>Takes whole frames from the front of <paramref name="received"/>; returns how many bytes they took.</summary>
    internal abstract int Consume(ReadOnlyMemory<byte> received);

    /// <summary>The peer closed, or the socket failed.</summary>
    internal abstract void OnClosed();

    /// <summary>Forgets what a closed socket left.</summary>
    internal void Reset()
    {
        CarryLength = 0;
        Unsent = null;
    }

    internal void KeepCarry(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > Carry.Length)
            Carry = new byte[Math.Max(512, rest.Length)];
        rest.CopyTo(Carry);
        CarryLength = rest.Length;
    }
}
