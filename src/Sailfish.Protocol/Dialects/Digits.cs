using System.Buffers;
using System.Buffers.Text;

namespace Sailfish.Protocol.Dialects;

/// <summary>Integers as ASCII decimals.</summary>
internal static class Digits
{
    /// <summary>Bytes of the longest 64-bit integer, sign included.</summary>
    private const int MaxLength = 20;

    public static void Write(IBufferWriter<byte> output, long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(MaxLength), out var written);
        output.Advance(written);
    }
}
