using System.Buffers.Text;

namespace Sailfish.Protocol.Dialects;

/// <summary>
/// The one place of an encoded MESSAGE that differs from receiver to receiver: the digits of <c>userId</c>, padded with
/// JSON white space to a fixed width. So a message is encoded once, and each copy of it has only this overwritten.
/// </summary>
public static class ReceiverSlot
{
    /// <summary>Characters of the id itself.</summary>
    public const int Width = Ids.MaxDigits;

    /// <summary>Bytes in the legacy dialect: each character is a two-digit number, with commas between.</summary>
    public const int LegacyWidth = (Width * 2) + (Width - 1);

    /// <summary>Bytes that the slot takes in <paramref name="dialect"/>.</summary>
    public static int WidthIn(Dialect dialect) => dialect == Dialect.WebSocketLegacy ? LegacyWidth : Width;

    /// <summary>Writes a receiver into a slot of <see cref="WidthIn"/> bytes.</summary>
    public static void Write(Span<byte> slot, Dialect dialect, long userId)
    {
        if (dialect == Dialect.WebSocketLegacy)
            WriteLegacy(slot, userId);
        else
            WritePadded(slot, userId);
    }

    private static void WritePadded(Span<byte> slot, long userId)
    {
        Utf8Formatter.TryFormat(userId, slot, out var written);
        slot[written..Width].Fill((byte)' ');
    }

    private static void WriteLegacy(Span<byte> slot, long userId)
    {
        Span<byte> padded = stackalloc byte[Width];
        WritePadded(padded, userId);
        // ' ' is 32 and '0' to '9' are 48 to 57: two digits, whatever the id.
        for (var i = 0; i < Width; i++)
        {
            slot[i * 3] = (byte)('0' + (padded[i] / 10));
            slot[(i * 3) + 1] = (byte)('0' + (padded[i] % 10));
            if (i < Width - 1)
                slot[(i * 3) + 2] = (byte)',';
        }
    }
}
