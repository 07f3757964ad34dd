using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Sailfish.Protocol.Bodies;

/// <summary>
/// JSON that escapes what RFC 8259, section 7, asks for and no more: the quotation mark, the backslash and U+0000 to U+001F.
/// Every other character is its own UTF-8 bytes. The framework's most relaxed encoder still writes an emoji as twelve
/// bytes, and what stands in a string within a string as fourteen. For bodies served as JSON, never for a page's HTML.
/// </summary>
public sealed class PlainJsonEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. EscapedBytes().Select(value => (char)value)]);
    private static readonly SearchValues<byte> EscapedUtf8 = SearchValues.Create([.. EscapedBytes()]);

    private PlainJsonEncoder()
    {
    }

    /// <summary>The one there is.</summary>
    public static PlainJsonEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => JsonText.MaxEscape;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or '"' or '\\';

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var all = new ReadOnlySpan<char>(text, textLength);
        var escaped = all.IndexOfAny(Escaped);
        var half = IndexOfHalfPair(escaped < 0 ? all : all[..escaped]);
        return half < 0 ? escaped : half;
    }

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var escaped = utf8Text.IndexOfAny(EscapedUtf8);
        return Utf8.IsValid(escaped < 0 ? utf8Text : utf8Text[..escaped]) ? escaped : base.FindFirstCharacterToEncodeUtf8(utf8Text);
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        // What stands for half a pair is asked for here, too.
        if (!WillEncode(unicodeScalar))
            return new Rune(unicodeScalar).TryEncodeToUtf16(new Span<char>(buffer, bufferLength), out numberOfCharactersWritten);
        Span<byte> escape = stackalloc byte[JsonText.MaxEscape];
        numberOfCharactersWritten = JsonText.WriteEscape(escape, (char)unicodeScalar);
        if (numberOfCharactersWritten > bufferLength)
        {
            numberOfCharactersWritten = 0;
            return false;
        }

        for (var i = 0; i < numberOfCharactersWritten; i++)
            buffer[i] = (char)escape[i];
        return true;
    }

    private static IEnumerable<byte> EscapedBytes() => Enumerable.Range(0, ' ').Append('"').Append('\\').Select(value => (byte)value);

    private static int IndexOfHalfPair(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (text[at..].IndexOfAnyInRange('\uD800', '\uDFFF') is var found and >= 0)
        {
            at += found;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return at;
            at += 2;
        }

        return -1;
    }
}
