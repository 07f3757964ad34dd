namespace Sailfish.Server.Accounts;

/// <summary>What a user is to an app, by flags.</summary>
internal interface ITagStore
{
    Task AddAsync(long appId, long userId, string tag, CancellationToken cancellationToken);

    Task RemoveAsync(long appId, long userId, string tag, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<string>> ListAsync(long appId, long userId, CancellationToken cancellationToken);
}

/// <summary>The tags there are.</summary>
internal static class Tags
{
    public static readonly IReadOnlyList<string> All = ["vip", "rich", "old"];
}
