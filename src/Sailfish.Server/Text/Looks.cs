namespace Sailfish.Server.Text;

/// <summary>
/// What a name looks like: its skeletons (Unicode Technical Standard 39, section 4) as it is written, in small letters and in
/// capitals, for names are one whatever their case, and I looks like l where i does not. Two names look alike when they
/// have one of them in common.
/// </summary>
internal static class Looks
{
    /// <summary>Names that speak for the server, in any way of writing them.</summary>
    private static readonly HashSet<string> Reserved =
    [
        .. new[]
        {
            "System", "Sailfish", "Admin", "Administrator", "Moderator", "Official", "Support",
            "系统", "系統", "系统消息", "系統訊息", "管理员", "管理員", "官方", "客服",
        }.SelectMany(Of),
    ];

    /// <summary>One to three.</summary>
    public static string[] Of(string name)
    {
        var points = CodePoints.Of(name);
        return [.. new[] { SkeletonOf(points), SkeletonOf(points.ConvertAll(CodePoints.ToLower)), SkeletonOf(points.ConvertAll(CodePoints.ToUpper)) }.Distinct()];
    }

    public static bool AreReserved(string[] looks) => looks.Any(Reserved.Contains);

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
