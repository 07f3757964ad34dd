using System.Buffers;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>
/// One worker's own copy of a batch in each encoding, in which only the receiver changes from member to member: the bytes
/// go from here to the socket without another copy.
/// </summary>
internal sealed class ReceiverCopies(RoomBatch batch) : IDisposable
{
    private readonly byte[]?[] _copies = new byte[]?[StoredMessage.EncodingCount];

    public RoomBatch Batch => batch;

    /// <summary>The batch for one receiver; good until the next call.</summary>
    public ReadOnlySpan<byte> For(long receiver, Dialect dialect, int protocol)
    {
        var encoded = batch.Encode(dialect, protocol);
        var copy = _copies[StoredMessage.EncodingIndex(dialect, protocol)] ??= Rent(encoded.Bytes);
        Span<byte> slot = stackalloc byte[ReceiverSlot.LegacyWidth];
        slot = slot[..ReceiverSlot.WidthIn(dialect)];
        ReceiverSlot.Write(slot, dialect, receiver);
        foreach (var offset in encoded.Slots)
            slot.CopyTo(copy.AsSpan(offset));
        return copy.AsSpan(0, encoded.Bytes.Length);
    }

    public void Dispose()
    {
        foreach (var copy in _copies)
        {
            if (copy is not null)
                ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static byte[] Rent(byte[] bytes)
    {
        var copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(copy, 0);
        return copy;
    }
}
