using System.Globalization;
using System.Text;

namespace Sailfish.Server.Hosting;

/// <summary>
/// What others wrote, on its way into the log: cut, and with everything escaped that would end the line, move a terminal's
/// cursor or turn the writing round. A log line is what we say, in one line.
/// </summary>
internal static class LogText
{
    private const int MaxLength = 200;

    /// <summary>At most 200 characters of it; <c>(none)</c> for null.</summary>
    public static string Of(string? text)
    {
        if (text is null)
            return "(none)";
        var result = new StringBuilder(Math.Min(text.Length, MaxLength) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            var piece = IsPlain(rune) ? rune.ToString() : $"\\u{{{rune.Value:X}}}";
            if (result.Length + piece.Length > MaxLength)
                return result.Append('…').ToString();
            result.Append(piece);
        }

        return result.ToString();
    }

    private static bool IsPlain(Rune rune) => rune.Value != '\\' && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
