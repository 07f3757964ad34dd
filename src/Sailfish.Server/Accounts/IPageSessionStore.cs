namespace Sailfish.Server.Accounts;

/// <summary>Where it is kept who is signed in on the page.</summary>
internal interface IPageSessionStore
{
    /// <summary>
    /// False when the account has another password than that version's. Sessions not seen since <paramref name="idleSince"/>
    /// go, and of the account's those that are more than <paramref name="most"/>, whose ids are given.
    /// </summary>
    Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, long idleSince, int most);

    ValueTask<PageSession?> FindAsync(string id);

    ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId);

    Task TouchAsync(string id, long seenAt);

    /// <summary>Deletes one of the account's sessions, or all but one; gives the ids of those that there were.</summary>
    Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except);
}
