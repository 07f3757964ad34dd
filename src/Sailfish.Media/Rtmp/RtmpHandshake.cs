using System.Buffers;
using System.Security.Cryptography;

namespace Sailfish.Media.Rtmp;

/// <summary>
/// The handshake in its simple form (RTMP 1.0, section 5.2): the peer sends C0 (a version), C1 and C2, we send S0, S1 and S2,
/// which is C1. Bytes are taken and echoed as they come, so none are held.
/// </summary>
internal sealed class RtmpHandshake
{
    /// <summary>C0: RTMP as it is, not encrypted.</summary>
    private const byte Version = 3;

    /// <summary>Bytes of each of C1, C2, S1 and S2.</summary>
    private const int PacketSize = 1536;

    /// <summary>S1 begins with a time and zeros, both 0: a peer that sees a version in the latter expects a signed handshake.</summary>
    private const int TimeAndZeros = 8;

    private readonly IBufferWriter<byte> _output;
    private bool _isStarted;
    private int _toEcho = PacketSize;
    private int _toSkip = PacketSize;

    public RtmpHandshake(IBufferWriter<byte> output)
    {
        _output = output;
    }

    /// <summary>Takes the bytes of the handshake; true when it is whole, and nothing behind it is taken.</summary>
    public bool TryFinish(ref ReadOnlySequence<byte> input)
    {
        if (!_isStarted && !TryStart(ref input))
            return false;
        foreach (var piece in Take(ref input, ref _toEcho))
            _output.Write(piece.Span);
        // C2 is to be our S1, but says nothing that we need to know.
        Take(ref input, ref _toSkip);
        return _toSkip == 0;
    }

    private bool TryStart(ref ReadOnlySequence<byte> input)
    {
        Span<byte> scratch = stackalloc byte[1];
        var first = SequenceFront.Of(input, scratch);
        if (first.IsEmpty)
            return false;
        if (first[0] != Version)
            throw new MediaFormatException($"RTMP: the handshake is not of version {Version}.");
        input = input.Slice(1);
        WriteStart();
        _isStarted = true;
        return true;
    }

    /// <summary>S0 and S1: <c>version u8 | time u32 | 0 u32 | chance</c>.</summary>
    private void WriteStart()
    {
        const int size = 1 + PacketSize;
        var start = _output.GetSpan(size)[..size];
        start[0] = Version;
        start.Slice(1, TimeAndZeros).Clear();
        RandomNumberGenerator.Fill(start[(1 + TimeAndZeros)..]);
        _output.Advance(size);
    }

    private static ReadOnlySequence<byte> Take(ref ReadOnlySequence<byte> input, ref int left)
    {
        var count = (int)Math.Min(input.Length, left);
        var taken = input.Slice(0, count);
        input = input.Slice(count);
        left -= count;
        return taken;
    }
}
