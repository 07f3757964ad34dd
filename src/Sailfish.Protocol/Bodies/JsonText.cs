using System.Buffers;
using System.Text;

namespace Sailfish.Protocol.Bodies;

/// <summary>
/// Writes a JSON string as <see cref="PlainJsonEncoder"/> would, in one pass from UTF-16 to the bytes of the wire: a message's
/// <c>data</c> is full of quotation marks, which an encoder takes one call at a time.
/// </summary>
internal static class JsonText
{
    /// <summary>The longest escape: <c>\u001F</c>.</summary>
    public const int MaxEscape = 6;

    /// <summary>Characters taken at a time, so that the worst case asks for little.</summary>
    private const int Chunk = 1024;

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        output.Write("\""u8);
        while (text.Length > 0)
        {
            var chunk = text[..Math.Min(Chunk, text.Length)];
            // A pair of surrogates stays together.
            if (chunk.Length < text.Length && char.IsHighSurrogate(chunk[^1]))
                chunk = chunk[..^1];
            output.Advance(WriteChunk(output.GetSpan(chunk.Length * MaxEscape), chunk));
            text = text[chunk.Length..];
        }

        output.Write("\""u8);
    }

    /// <summary>Writes the escape of a character that has to be escaped; returns its length.</summary>
    public static int WriteEscape(Span<byte> destination, char value)
    {
        ReadOnlySpan<byte> escape = value switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            _ => "\\u00"u8,
        };
        escape.CopyTo(destination);
        if (escape.Length == 2)
            return 2;
        destination[4] = (byte)('0' + (value >> 4));
        destination[5] = (byte)"0123456789ABCDEF"[value & 0xF];
        return MaxEscape;
    }

    private static int WriteChunk(Span<byte> destination, ReadOnlySpan<char> text)
    {
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is < ' ' or '"' or '\\')
            {
                written += WriteEscape(destination[written..], c);
            }
            else if (c < 0x80)
            {
                destination[written++] = (byte)c;
            }
            else
            {
                var rest = text[i..];
                var end = rest.IndexOfAnyInRange('\0', '\x7F');
                var foreign = end < 0 ? rest : rest[..end];
                written += Encoding.UTF8.GetBytes(foreign, destination[written..]);
                i += foreign.Length - 1;
            }
        }

        return written;
    }
}
