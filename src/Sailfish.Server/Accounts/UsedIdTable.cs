using Sailfish.Server.Sessions;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Notes user ids that are somebody's by a token: what is stored of a user notes the id by itself. An id costs one write;
/// then it is known here. To be asked before <see cref="AccountDirectory"/>: an id that is noted can become nobody's account
/// any more.
/// </summary>
internal sealed partial class UsedIdTable(IUsedIdStore store, ILogger<UsedIdTable> logger)
{
    /// <summary>Ids remembered; beyond it all are forgotten, and written again when they come.</summary>
    private const int MaxKnown = 250_000;

    private readonly HashSet<UserKey> _known = [];

    public async ValueTask NoteAsync(UserKey user)
    {
        if (user.UserId < Account.FirstId || IsKnown(user))
            return;
        try
        {
            await store.AddAsync(user.AppId, user.UserId, CancellationToken.None);
        }
#pragma warning disable CA1031 // whoever has a good token is not kept out by a full disk, on which no account is made either
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogNotNoted(logger, failure, user.UserId, user.AppId);
            return;
        }

        // Not before it is stored: whoever finds it known here relies on it.
        Remember(user);
    }

    private bool IsKnown(UserKey user)
    {
        lock (_known)
            return _known.Contains(user);
    }

    private void Remember(UserKey user)
    {
        lock (_known)
        {
            if (_known.Count >= MaxKnown)
                _known.Clear();
            _known.Add(user);
        }
    }

    [LoggerMessage(520, LogLevel.Warning, "That user {User} of app {App} is used could not be stored")]
    private static partial void LogNotNoted(ILogger logger, Exception failure, long user, long app);
}
