using Sailfish.Server.Conversations;

namespace Sailfish.Server.Accounts;

/// <summary>Where it is kept which user ids are somebody's, so that no account gets one of them.</summary>
internal interface IUsedIdStore
{
    /// <summary>Whether anything was ever stored of the user.</summary>
    ValueTask<bool> HasAsync(long appId, long userId);

    /// <summary>All of them or, when it fails, none.</summary>
    Task AddAsync(IReadOnlyCollection<UserKey> users, CancellationToken cancellationToken);
}
