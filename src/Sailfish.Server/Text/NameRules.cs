namespace Sailfish.Server.Text;

/// <summary>What may be a name: it can be seen, and it is what it looks like (docs/protocol.md, section 2, Names).</summary>
internal static class NameRules
{
    public const int MinAccountName = 2;
    public const int MaxAccountName = 32;
    public const int MaxNickName = 32;
    public const int MaxRoomName = 60;

    /// <summary>Enough for every language; more is a tower over the lines above.</summary>
    private const int MaxMarks = 4;

    /// <summary>A name may come decomposed, of a letter and its marks; a longer string is not looked at.</summary>
    private const int MaxGiven = 512;

    /// <summary>Letters with their marks, digits, <c>_</c>, <c>-</c> and <c>.</c>; given back in Normalization Form C.</summary>
    public static bool TryAccountName(string? given, out string name) => TryNormalize(given, MaxAccountName, out name, out var points)
        && points.Count >= MinAccountName && IsSeen(points) && IsOfLetters(points);

    /// <summary>Whatever can be seen; given back without white space around it, in Normalization Form C.</summary>
    public static bool TryNickName(string? given, out string name) =>
        TryNormalize(given?.Trim(), MaxNickName, out name, out var points) && IsSeen(points);

    /// <summary>As a nick name, but longer.</summary>
    public static bool TryRoomName(string? given, out string name) =>
        TryNormalize(given?.Trim(), MaxRoomName, out name, out var points) && IsSeen(points);

    /// <summary>What somebody signs in with: whatever it is, in Normalization Form C.</summary>
    public static bool TryTyped(string? given, out string name) => TryNormalize(given, MaxAccountName, out name, out _);

    /// <summary>The name as it may be shown, whatever its length; null when it cannot be seen.</summary>
    public static string? Shown(string? given) =>
        TryNormalize(given?.Trim(), MaxGiven, out var name, out var points) && IsSeen(points) ? name : null;

    private static bool TryNormalize(string? given, int most, out string name, out List<int> points)
    {
        (name, points) = ("", []);
        if (given is not { Length: > 0 } || given.Length > MaxGiven * 2 || !Characters.AreStorable(given))
            return false;
        name = Normalization.ToNfc(given);
        points = CodePoints.Of(name);
        return points.Count <= most;
    }

    private static bool IsOfLetters(List<int> points)
    {
        var mayCarry = false;
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var isMark = Visibility.IsMark(point) || Visibility.IsMeant(points, i);
            if (isMark ? !mayCarry : !(Visibility.IsLetter(point) || Visibility.IsDigit(point) || point is '_' or '-' or '.'))
                return false;
            mayCarry = isMark || Visibility.IsLetter(point);
        }

        return true;
    }

    /// <summary>No character that nobody sees, no mark without something below it, and something beside spaces.</summary>
    private static bool IsSeen(List<int> points)
    {
        var isAnythingSeen = false;
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            if (Visibility.IsMeant(points, i))
                continue;
            if (Visibility.IsInvisible(point) || !Visibility.IsAssigned(point))
                return false;
            if (!Visibility.IsMark(point))
                isAnythingSeen |= !Visibility.IsSpace(point);
            else if (i == 0 || Visibility.IsSpace(points[i - 1]))
                return false;
        }

        return isAnythingSeen && !HasHeap(points);
    }

    /// <summary>Counted apart from their letters, so that it is the same however the name was typed.</summary>
    private static bool HasHeap(List<int> points)
    {
        var marks = 0;
        foreach (var point in Normalization.ToNfd(points))
        {
            // A style selector is a mark by its category; one that stands here belongs to an emoji.
            marks = Visibility.IsMark(point) && !Visibility.IsIgnorable(point) ? marks + 1 : 0;
            if (marks > MaxMarks)
                return true;
        }

        return false;
    }
}
