using System.Globalization;

namespace Sailfish.Server.Text;

/// <summary>What of a text people see.</summary>
internal static class Visibility
{
    public const int Joiner = 0x200D;
    public const int NonJoiner = 0x200C;
    public const int TextStyle = 0xFE0E;
    public const int EmojiStyle = 0xFE0F;

    /// <summary>Default_Ignorable_Code_Point of Unicode 16: nothing is drawn for them, fillers and tags included.</summary>
    private static readonly (int First, int Last)[] Ignorable =
    [
        (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    /// <summary>Drawn as an empty place, though they are no spaces: a braille cell without dots, a note without a head, a filler.</summary>
    private static readonly int[] Blank = [0x2800, 0x1D159, 0x16FE4];

    public static bool IsIgnorable(int point)
    {
        foreach (var (first, last) in Ignorable)
        {
            if (point <= last)
                return point >= first;
        }

        return false;
    }

    /// <summary>Whether nobody sees it and it is no white space either.</summary>
    public static bool IsInvisible(int point) => IsIgnorable(point) || Blank.Contains(point) || CategoryOf(point) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    public static bool IsMark(int point) =>
        CategoryOf(point) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    public static bool IsLetter(int point) => CategoryOf(point) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    public static bool IsDigit(int point) => CategoryOf(point) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsSpace(int point) => CategoryOf(point) == UnicodeCategory.SpaceSeparator;

    /// <summary>Whether Unicode 16 knows it; pictures of later versions have their places already.</summary>
    public static bool IsAssigned(int point) => CategoryOf(point) != UnicodeCategory.OtherNotAssigned || CharacterTable.Instance.IsPicture(point);

    /// <summary>
    /// Whether a joiner, non-joiner or style selector means something where it stands: between emoji, after one, after a
    /// virama of India's scripts, and the non-joiner between Arabic letters (as of RFC 5892, appendix A).
    /// </summary>
    public static bool IsMeant(IReadOnlyList<int> points, int at)
    {
        var before = at > 0 ? points[at - 1] : 0;
        var after = at + 1 < points.Count ? points[at + 1] : 0;
        return points[at] switch
        {
            TextStyle or EmojiStyle => IsEmojiBase(before),
            Joiner => (IsEmojiEnd(before) && CharacterTable.Instance.IsPicture(after)) || IsAfterVirama(before, after),
            NonJoiner => (IsArabic(before) && IsArabic(after)) || IsAfterVirama(before, after),
            _ => false,
        };
    }

    private static bool IsEmojiBase(int point) => CharacterTable.Instance.IsPicture(point) || point is '#' or '*' or (>= '0' and <= '9');

    /// <summary>A picture, with its style or skin colour.</summary>
    private static bool IsEmojiEnd(int point) =>
        CharacterTable.Instance.IsPicture(point) || point is EmojiStyle or (>= 0x1F3FB and <= 0x1F3FF);

    private static bool IsAfterVirama(int before, int after) => CharacterTable.Instance.ClassOf(before) == Virama && IsLetter(after);

    /// <summary>Arabic, its supplements and extensions, and Syriac, whose letters join.</summary>
    private static bool IsArabic(int point) =>
        point is (>= 0x600 and <= 0x77F) or (>= 0x860 and <= 0x8FF) && (IsLetter(point) || IsMark(point));

    /// <summary>Canonical_Combining_Class of viramas.</summary>
    private const byte Virama = 9;

    /// <summary>Half of a pair is a surrogate, which is a category of its own.</summary>
    private static UnicodeCategory CategoryOf(int point) => CharUnicodeInfo.GetUnicodeCategory(point);
}
