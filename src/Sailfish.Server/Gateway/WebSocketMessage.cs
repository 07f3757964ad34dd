using System.Buffers;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Server.Gateway;

/// <summary>
/// The message that is being put together from fragments, and in the binary subprotocol the start of a frame that the
/// last message left over. Memory is rented while there is something to hold. One owner: the loop of the connection.
/// </summary>
internal sealed class WebSocketMessage : IDisposable
{
    private byte[] _bytes = [];
    private byte[] _carried = [];
    private int _carriedLength;

    public WebSocketOpcode Opcode { get; private set; }

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsUnderWay { get; private set; }

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    /// <summary>Adds a data frame, unmasked. The caller has checked order and size.</summary>
    public void Add(WebSocketFrameHeader header, ReadOnlySequence<byte> payload)
    {
        if (!IsUnderWay)
        {
            Opcode = header.Opcode;
            Length = 0;
        }

        IsUnderWay = !header.Fin;
        var length = (int)payload.Length;
        Grow(ref _bytes, Length, Length + length);
        var target = _bytes.AsSpan(Length, length);
        payload.CopyTo(target);
        WebSocketFrame.Unmask(target, header.MaskKey);
        Length += length;
    }

    /// <summary>What the last message left, followed by this message.</summary>
    public ReadOnlySequence<byte> JoinCarried()
    {
        if (_carriedLength == 0)
            return new ReadOnlySequence<byte>(Bytes);
        Grow(ref _carried, _carriedLength, _carriedLength + Length);
        Bytes.Span.CopyTo(_carried.AsSpan(_carriedLength));
        _carriedLength += Length;
        return new ReadOnlySequence<byte>(_carried.AsMemory(0, _carriedLength));
    }

    /// <summary>Keeps what was not read of <see cref="JoinCarried"/>, and forgets the message.</summary>
    public void Carry(ReadOnlySequence<byte> rest)
    {
        var length = (int)rest.Length;
        if (length == 0)
        {
            Return(ref _carried);
        }
        else if (length != _carriedLength)
        {
            // Else nothing was read of it, and it stays where it is: a frame may come byte by byte.
            var kept = ArrayPool<byte>.Shared.Rent(length);
            rest.CopyTo(kept);
            Return(ref _carried);
            _carried = kept;
        }

        _carriedLength = length;
        Reset();
    }

    /// <summary>Forgets the message.</summary>
    public void Reset()
    {
        Return(ref _bytes);
        Length = 0;
    }

    public void Dispose()
    {
        Reset();
        Return(ref _carried);
    }

    private static void Grow(ref byte[] array, int used, int needed)
    {
        if (array.Length >= needed)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        Return(ref array);
        array = larger;
    }

    private static void Return(ref byte[] array)
    {
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
        array = [];
    }
}
