using System.Globalization;

namespace Sailfish.Server.Cluster.Postgres;

/// <summary>
/// A frame as the payloads of notifications: <c>part (3 hex digits) | + or . | base64</c>. A payload is text of less than 8,000
/// bytes, so a larger frame goes in parts, of which all but the last have a +; what one transaction notifies comes in one
/// piece. The number is there because PostgreSQL swallows what is the same as another notification of the transaction.
/// </summary>
internal static class NotifyPayload
{
    /// <summary>Bytes of a frame in one payload: 4 + 7,868 characters of base64.</summary>
    public const int PartBytes = 5_900;

    /// <summary>Parts of one transaction: as many as three digits count.</summary>
    public const int MaxParts = 0x1000;

    private const int HeadLength = 4;
    private const char More = '+';
    private const char Last = '.';

    public static int PartsOf(int length) => Math.Max(1, (length + PartBytes - 1) / PartBytes);

    /// <summary>Adds the payloads of a frame, the first of which is the part of that number.</summary>
    public static void Write(ReadOnlySpan<byte> frame, int firstPart, Action<string> add)
    {
        for (var part = firstPart; ; part++)
        {
            var isLast = frame.Length <= PartBytes;
            var bytes = isLast ? frame : frame[..PartBytes];
            add(string.Create(CultureInfo.InvariantCulture, $"{part:x3}{(isLast ? Last : More)}{Convert.ToBase64String(bytes)}"));
            if (isLast)
                return;
            frame = frame[PartBytes..];
        }
    }

    /// <summary>False for what no bus has sent.</summary>
    public static bool TryRead(string payload, out bool isLast, out byte[] bytes)
    {
        isLast = false;
        bytes = [];
        if (payload.Length <= HeadLength || payload[HeadLength - 1] is not (More or Last))
            return false;
        isLast = payload[HeadLength - 1] == Last;
        var buffer = new byte[(payload.Length - HeadLength) / 4 * 3];
        if (!Convert.TryFromBase64Chars(payload.AsSpan(HeadLength), buffer, out var length))
            return false;
        bytes = length == buffer.Length ? buffer : buffer[..length];
        return true;
    }
}
