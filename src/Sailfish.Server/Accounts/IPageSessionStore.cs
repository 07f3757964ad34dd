namespace Sailfish.Server.Accounts;

/// <summary>Where it is kept who is signed in on the page.</summary>
internal interface IPageSessionStore
{
    /// <summary>
    /// False when the account has another password than that version's. Of the account's sessions the oldest that are more
    /// than <paramref name="most"/> go, whose ids are given.
    /// </summary>
    Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, int most);

    ValueTask<PageSession?> FindAsync(string id);

    ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId);

    /// <summary>Some of those that began before the one time, or were not seen since the other.</summary>
    ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync(long begunBefore, long idleSince);

    Task TouchAsync(string id, long seenAt);

    /// <summary>Deletes one of the account's sessions, or all but one; gives the ids of those that there were.</summary>
    Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except);
}
