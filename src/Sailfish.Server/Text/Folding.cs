using System.Globalization;

namespace Sailfish.Server.Text;

/// <summary>What people read in a character: the same letter for all that they take for one, nothing for what they do not see.</summary>
internal sealed class Folding
{
    /// <summary>Of a character that is not seen.</summary>
    public const int Nothing = -1;

    /// <summary>Beyond it there are only tags and ideographs, which stand for themselves.</summary>
    private const int LastWithCase = 0x30000;

    /// <summary>Letters in another dress, from a to z, that neither Unicode nor confusables.txt takes for them: small capitals,</summary>
    private const string SmallCapitals = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ";

    /// <summary>and those in brackets, and white on a black circle or square.</summary>
    private static readonly int[] FramedAlphabets = [0x249C, 0x1F110, 0x1F150, 0x1F170];

    private const int LettersOfAlphabet = 26;

    private static readonly Lazy<Folding> TheOne = new(() => new Folding());
    private readonly Dictionary<int, int[]>[] _folded = [[], []];

    private Folding()
    {
        var table = CharacterTable.Instance;
        var special = table.Decomposing.Concat(table.Alike.Keys).ToHashSet();
        for (var point = 0x80; point < LastWithCase; point++)
        {
            // Or in its other case: the two small sigmas are one, and only one of them is in the tables.
            var dressed = DressedLetter(point);
            if (dressed is null && !special.Contains(point) && !special.Contains(AnyCase(point)))
                continue;
            foreach (var reading in Enum.GetValues<Reading>())
                _folded[(int)reading][point] = dressed is { } letter ? [letter] : Fold(point, reading);
        }
    }

    public static Folding Instance => TheOne.Value;

    /// <summary>Whether a text reads differently by its shapes, so that it has to be read twice.</summary>
    public static bool HasShapes(string text)
    {
        foreach (var c in text)
        {
            if (c is '0' or '1' or 'I' or '|' || c > 0x7F)
                return true;
        }

        return false;
    }

    /// <summary>The several characters that one is read as; null where it is one or none, which <see cref="Simple"/> says.</summary>
    public int[]? Several(int point, Reading reading) => point > 0x7F && _folded[(int)reading].TryGetValue(point, out var several) ? several : null;

    /// <summary>What a character is read as that <see cref="Several"/> does not know; or <see cref="Nothing"/>.</summary>
    public static int Simple(int point, Reading reading) => (point, reading) switch
    {
        ('0', Reading.Shapes) => 'o',
        ('1' or '|', Reading.Shapes) => 'l',
        ( <= 0x7F, _) => CodePoints.ToLower(point),
        _ when IsUnseen(point) => Nothing,
        _ => AnyCase(point),
    };

    /// <summary>The whole of a text as people read it; syllables of Hangul whole, also where their letters came one by one.</summary>
    public List<int> Read(string text, Reading reading)
    {
        var read = new List<int>(text.Length);
        foreach (var point in CodePoints.Of(text))
        {
            foreach (var part in Several(point, reading) ?? [Simple(point, reading)])
            {
                if (read.Count > 0 && Normalization.ComposeHangul(read[^1], part) is { } syllable)
                    read[^1] = syllable;
                else if (part != Nothing)
                    read.Add(part);
            }
        }

        return read;
    }

    private static int? DressedLetter(int point)
    {
        var at = point <= char.MaxValue ? SmallCapitals.IndexOf((char)point) : -1;
        foreach (var first in FramedAlphabets)
        {
            if (point >= first && point < first + LettersOfAlphabet)
                at = point - first;
        }

        return at < 0 ? null : 'a' + at;
    }

    private static int[] Fold(int point, Reading reading)
    {
        var output = new List<int>();
        var start = reading == Reading.Letters ? AnyCase(point) : point;
        foreach (var part in Normalization.ToNfkd([start]))
        {
            if (!CharacterTable.Instance.Alike.TryGetValue(part, out var alike) || part <= 0x7F || IsUnseen(part) || Normalization.IsHangulLetter(part))
                output.Add(part);
            else if (alike is ['r', 'n', ..])
                output.AddRange(['m', .. alike[2..]]);
            else
                output.AddRange(alike);
        }

        return [.. Normalization.ToNfkd(output).Where(part => !IsUnseen(part)).Select(AnyCase)];
    }

    /// <summary>Up and then down: some letters, as the two small sigmas, have only their capital in common.</summary>
    private static int AnyCase(int point) => CodePoints.ToLower(CodePoints.ToUpper(point));

    /// <summary>
    /// What is not seen, and marks that decorate a letter. The vowel signs of India's scripts and the like are letters to
    /// those who read them, and stay.
    /// </summary>
    private static bool IsUnseen(int point) =>
        Visibility.IsIgnorable(point) || IsDecoration(point) || CharUnicodeInfo.GetUnicodeCategory(point) == UnicodeCategory.Format;

    /// <summary>The blocks of combining diacritical marks, half marks and marks for symbols; the points of Hebrew and Arabic.</summary>
    private static bool IsDecoration(int point) => point is
        (>= 0x300 and <= 0x36F) or (>= 0x483 and <= 0x489) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF)
        or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F) or (>= 0x591 and <= 0x5BD) or 0x5BF or 0x5C1 or 0x5C2
        or 0x5C4 or 0x5C5 or 0x5C7 or (>= 0x64B and <= 0x65F) or 0x670 or 0x640;
}
