using System.Text;

namespace Sailfish.Server.Text;

/// <summary>Questions about the characters of a string, which are code points: what people count, but for marks.</summary>
internal static class Characters
{
    /// <summary>Whether the number of code points is from 1 to <paramref name="most"/>; a long string is not counted.</summary>
    public static bool IsOneTo(string? text, int most) =>
        text is { Length: > 0 } && (text.Length <= most || (text.Length <= most * 2 && Count(text) <= most));

    public static int Count(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>The beginning of a text, of at most so many UTF-16 units, and with whole characters only.</summary>
    public static string First(string text, int most)
    {
        if (text.Length <= most)
            return text;
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    /// <summary>
    /// Whether a string may be stored: no U+0000, which ends strings elsewhere, and no half of a surrogate pair, which no
    /// encoding can write.
    /// </summary>
    public static bool AreStorable(string? text)
    {
        if (text is null)
            return true;
        if (text.Contains('\0'))
            return false;
        for (var rest = text.AsSpan(); rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0; rest = rest[(at + 2)..])
        {
            if (Rune.DecodeFromUtf16(rest[at..], out _, out _) != System.Buffers.OperationStatus.Done)
                return false;
        }

        return true;
    }
}
