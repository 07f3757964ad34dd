namespace Sailfish.Server.Commands;

/// <summary>What somebody may have meant who wrote something else.</summary>
internal static class NearMatch
{
    /// <summary>The candidate that needs the fewest changes, when these are few; null when none is near.</summary>
    public static string? Of(string written, IEnumerable<string> candidates)
    {
        var plain = Plain(written);
        var nearest = candidates.Select(candidate => (Name: candidate, Changes: ChangesTo(plain, candidate)))
            .DefaultIfEmpty((Name: "", Changes: int.MaxValue)).MinBy(c => c.Changes);
        return plain.Length > 2 && nearest.Changes <= Math.Max(1, plain.Length / 3) ? nearest.Name : null;
    }

    /// <summary>A key is also meant by its last parts: <c>--DataDir</c> for <c>--Sailfish:DataDir</c>.</summary>
    private static int ChangesTo(string plain, string candidate)
    {
        var parts = candidate.Split(':', StringSplitOptions.RemoveEmptyEntries);
        return Enumerable.Range(0, parts.Length).Min(skipped => Distance(plain, Plain(string.Concat(parts.Skip(skipped)))));
    }

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>Letters added, left out, changed, or two that changed places (the optimal string alignment distance).</summary>
    private static int Distance(string from, string to)
    {
        var changes = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
                changes[i, j] = i == 0 || j == 0 ? i + j : Least(changes, from, to, i, j);
        }

        return changes[from.Length, to.Length];
    }

    private static int Least(int[,] changes, string from, string to, int i, int j)
    {
        var changed = changes[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
        var least = Math.Min(changed, Math.Min(changes[i - 1, j], changes[i, j - 1]) + 1);
        var isSwap = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
        return isSwap ? Math.Min(least, changes[i - 2, j - 2] + 1) : least;
    }
}
