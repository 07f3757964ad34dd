using System.Text;

namespace Sailfish.Server.Text;

/// <summary>
/// A string as the numbers of its characters. Half of a surrogate pair is a number of its own, so that any string goes
/// there and back unchanged.
/// </summary>
internal static class CodePoints
{
    public static List<int> Of(string text)
    {
        var points = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            points.Add(isPair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i]);
            if (isPair)
                i++;
        }

        return points;
    }

    public static string ToText(List<int> points)
    {
        var text = new StringBuilder(points.Count);
        foreach (var point in points)
        {
            if (point <= char.MaxValue)
                text.Append((char)point);
            else
                text.Append(char.ConvertFromUtf32(point));
        }

        return text.ToString();
    }

    public static int ToLower(int point) => Rune.TryCreate(point, out var rune) ? Rune.ToLowerInvariant(rune).Value : point;

    public static int ToUpper(int point) => Rune.TryCreate(point, out var rune) ? Rune.ToUpperInvariant(rune).Value : point;
}
