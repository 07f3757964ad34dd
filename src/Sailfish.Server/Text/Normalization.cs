namespace Sailfish.Server.Text;

/// <summary>
/// Normalization forms (Unicode Standard Annex 15): one spelling of what can be spelt in several ways. The framework does it
/// by ICU only, which this program is built without.
/// </summary>
internal static class Normalization
{
    // Hangul syllables are computed (Unicode Standard, section 3.12).
    private const int FirstSyllable = 0xAC00;
    private const int Syllables = 19 * MedialsAndFinals;
    private const int FirstInitial = 0x1100;
    private const int Initials = 19;
    private const int FirstMedial = 0x1161;
    private const int Medials = 21;
    private const int LastLetter = 0x11FF;
    private const int FinalsBase = 0x11A7;
    private const int Finals = 28;
    private const int MedialsAndFinals = Medials * Finals;

    /// <summary>Normalization Form C: composed, as keyboards write it.</summary>
    public static string ToNfc(string text) => IsSurelyNfc(text) ? text : CodePoints.ToText(Composed(Decomposed(CodePoints.Of(text), alsoCompatible: false)));

    /// <summary>Form C of code points.</summary>
    public static List<int> ToNfc(List<int> points) => Composed(Decomposed(points, alsoCompatible: false));

    /// <summary>Form D: decomposed.</summary>
    public static List<int> ToNfd(List<int> points) => Decomposed(points, alsoCompatible: false);

    /// <summary>Form KD: decomposed, and width, style and the like taken away.</summary>
    public static List<int> ToNfkd(List<int> points) => Decomposed(points, alsoCompatible: true);

    /// <summary>Nothing below U+0300, and none of the common letters of East Asia, is changed or has anything to do with what follows.</summary>
    private static bool IsSurelyNfc(string text)
    {
        foreach (var c in text)
        {
            if (c is not (< '\u0300' or (>= '\u4E00' and <= '\u9FFF') or (>= '\u3041' and <= '\u3096') or (>= '\uAC00' and <= '\uD7A3')))
                return false;
        }

        return true;
    }

    private static List<int> Decomposed(List<int> points, bool alsoCompatible)
    {
        var output = new List<int>(points.Count + 8);
        foreach (var point in points)
            Decompose(point, alsoCompatible, output);
        return output;
    }

    private static void Decompose(int point, bool alsoCompatible, List<int> output)
    {
        if (point is >= FirstSyllable and < FirstSyllable + Syllables)
        {
            var index = point - FirstSyllable;
            output.Add(FirstInitial + (index / MedialsAndFinals));
            output.Add(FirstMedial + (index % MedialsAndFinals / Finals));
            if (index % Finals > 0)
                output.Add(FinalsBase + (index % Finals));
        }
        else if (CharacterTable.Instance.PartsOf(point, alsoCompatible) is { } parts)
        {
            foreach (var part in parts)
                Decompose(part, alsoCompatible, output);
        }
        else
        {
            AddInOrder(point, output);
        }
    }

    /// <summary>Marks stand in the order of their classes; those of one class as they came.</summary>
    private static void AddInOrder(int point, List<int> output)
    {
        var table = CharacterTable.Instance;
        var at = output.Count;
        if (table.ClassOf(point) is > 0 and var own)
        {
            while (at > 0 && table.ClassOf(output[at - 1]) > own)
                at--;
        }

        output.Insert(at, point);
    }

    /// <summary>Composes in place; what is decomposed is given up for it.</summary>
    private static List<int> Composed(List<int> points)
    {
        var starter = -1;
        var end = 0;
        var before = -1;
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            int own = CharacterTable.Instance.ClassOf(point);
            // A mark of the same class, or a starter, between the two keeps them apart.
            if (starter >= 0 && before < own && Compose(points[starter], point) is { } composed)
            {
                points[starter] = composed;
                continue;
            }

            if (own == 0)
                starter = end;
            before = own == 0 ? -1 : own;
            points[end++] = point;
        }

        points.RemoveRange(end, points.Count - end);
        return points;
    }

    private static int? Compose(int first, int second) => ComposeHangul(first, second) ?? CharacterTable.Instance.Compose(first, second);

    /// <summary>The syllable that a letter and the next, or a syllable and its last letter, are; null when they are none.</summary>
    public static int? ComposeHangul(int first, int second)
    {
        if (IsInitial(first) && second is >= FirstMedial and < FirstMedial + Medials)
            return FirstSyllable + ((((first - FirstInitial) * Medials) + second - FirstMedial) * Finals);
        return IsOpenSyllable(first) && second is > FinalsBase and < FinalsBase + Finals ? first + second - FinalsBase : null;
    }

    /// <summary>One of those that syllables are made of: what it looks like alone is not what it is in one.</summary>
    public static bool IsHangulLetter(int point) => point is >= FirstInitial and <= LastLetter;

    /// <summary>Whether a letter of Hangul may follow that belongs to it.</summary>
    public static bool MayGoOn(int point) => IsInitial(point) || IsOpenSyllable(point);

    private static bool IsInitial(int point) => point is >= FirstInitial and < FirstInitial + Initials;

    private static bool IsOpenSyllable(int point) =>
        point is >= FirstSyllable and < FirstSyllable + Syllables && (point - FirstSyllable) % Finals == 0;
}
