namespace Sailfish.Server.Text;

/// <summary>
/// What a name looks like: its skeletons (Unicode Technical Standard 39, section 4) as it is written, in small letters and in
/// capitals, for names are one whatever their case, and I looks like l where i does not. Two names look alike when they
/// have one of them in common.
/// </summary>
internal static class Looks
{
    /// <summary>Names that speak for the server.</summary>
    private static readonly string[] ReservedNames =
    [
        "System", "Sailfish", "Admin", "Administrator", "Moderator", "Official", "Support",
        "系统", "系統", "系统消息", "系統訊息", "管理员", "管理員", "官方", "客服",
    ];

    /// <summary>What they look like.</summary>
    private static readonly HashSet<string> Reserved = [.. ReservedNames.SelectMany(Of)];

    /// <summary>Likewise, as they are read: without what decorates them.</summary>
    private static readonly HashSet<string> ReservedReadings = [.. ReservedNames.SelectMany(ReadingsOf)];

    /// <summary>One to three.</summary>
    public static string[] Of(string name)
    {
        var points = CodePoints.Of(name);
        return [.. new[] { SkeletonOf(points), SkeletonOf(points.ConvertAll(CodePoints.ToLower)), SkeletonOf(points.ConvertAll(CodePoints.ToUpper)) }.Distinct()];
    }

    /// <param name="name">Any.</param>
    /// <param name="looks">Of that name.</param>
    public static bool IsReserved(string name, string[] looks) => looks.Any(Reserved.Contains) || ReadingsOf(name).Any(ReservedReadings.Contains);

    /// <summary>What is read of a name that somebody decorates with marks, signs, spaces and pictures: its letters and digits.</summary>
    private static IEnumerable<string> ReadingsOf(string name) => Enum.GetValues<Reading>().Select(reading => CodePoints.ToText(
        Folding.Instance.Read(name, reading).FindAll(point => Visibility.IsLetter(point) || Visibility.IsDigit(point))));

    /// <summary>
    /// Decomposed by compatibility, so that width and style are nothing, without what nobody sees, and each character in the
    /// place of those that look like it.
    /// </summary>
    private static string SkeletonOf(List<int> points)
    {
        var alike = CharacterTable.Instance.Alike;
        var mapped = new List<int>(points.Count);
        foreach (var point in Normalization.ToNfkd(points))
        {
            if (Visibility.IsIgnorable(point))
                continue;
            if (alike.TryGetValue(point, out var prototype))
                mapped.AddRange(prototype);
            else
                mapped.Add(point);
        }

        return string.Join(' ', CodePoints.ToText(Normalization.ToNfkd(mapped)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
