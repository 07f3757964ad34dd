using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>Messages of a room that are pushed together, in seq order. Encoded once a dialect, on first need.</summary>
internal sealed class RoomBatch(List<RoomEntry> entries)
{
    private readonly EncodedBatch?[] _encoded = new EncodedBatch?[StoredMessage.EncodingCount];

    public IReadOnlyList<RoomEntry> Entries => entries;

    public IReadOnlyList<StoredMessage> Messages { get; } = [.. entries.Select(e => e.Message)];

    public long FirstSeq { get; } = entries[0].Message.Seq;

    public long LastSeq { get; } = entries[^1].Message.Seq;

    public void GiveBackPlaces()
    {
        foreach (var entry in entries)
            entry.Place.GiveBack();
    }

    public EncodedBatch Encode(Dialect dialect, int protocol)
    {
        var index = StoredMessage.EncodingIndex(dialect, protocol);
        if (Volatile.Read(ref _encoded[index]) is { } encoded)
            return encoded;
        lock (_encoded)
            return _encoded[index] ??= EncodedBatch.Join(Messages, dialect, protocol);
    }
}
