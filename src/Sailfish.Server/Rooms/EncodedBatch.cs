using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>Several encoded messages end to end, each with its receiver slot.</summary>
internal sealed class EncodedBatch(byte[] bytes, int[] slots)
{
    public byte[] Bytes { get; } = bytes;

    public int[] Slots { get; } = slots;

    public static EncodedBatch Join(IReadOnlyList<StoredMessage> messages, Dialect dialect, int protocol)
    {
        if (messages.Count == 1)
        {
            var only = messages[0].Encode(dialect, protocol);
            return new EncodedBatch(only.Bytes, [only.SlotOffset]);
        }

        var parts = messages.Select(m => m.Encode(dialect, protocol)).ToList();
        var bytes = new byte[parts.Sum(p => p.Bytes.Length)];
        var slots = new int[parts.Count];
        var offset = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            parts[i].Bytes.CopyTo(bytes, offset);
            slots[i] = offset + parts[i].SlotOffset;
            offset += parts[i].Bytes.Length;
        }

        return new EncodedBatch(bytes, slots);
    }
}
