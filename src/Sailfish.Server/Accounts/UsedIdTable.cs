using Sailfish.Protocol;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Notes user ids that are somebody's by a token: what is stored of a user notes the id by itself. An id is written once;
/// then it is known here. To be asked before <see cref="AccountDirectory"/>: an id that is noted can become nobody's account
/// any more.
/// </summary>
internal sealed class UsedIdTable(IUsedIdStore store, ILogger<UsedIdTable> logger)
{
    /// <summary>Ids remembered; beyond it all are forgotten, and written again when they come.</summary>
    private const int MaxKnown = 250_000;

    private readonly Lock _lock = new();
    private readonly HashSet<UserKey> _known = [];
    private Batch _next = new();
    private bool _isWriting;

    /// <summary>Completes when the id is stored. Those who come while others are written go together: a crowd comes at once.</summary>
    public ValueTask NoteAsync(UserKey user)
    {
        // No account ever gets a guest's id, and there may be any number of guests.
        if (user.UserId < Account.FirstId || Ids.IsGuest(user.UserId))
            return ValueTask.CompletedTask;
        Batch batch;
        bool isFirst;
        lock (_lock)
        {
            if (_known.Contains(user))
                return ValueTask.CompletedTask;
            batch = _next;
            batch.Users.Add(user);
            isFirst = !_isWriting;
            _isWriting = true;
        }

        if (isFirst)
            _ = WriteAsync();
        return new ValueTask(batch.Written.Task);
    }

    private async Task WriteAsync()
    {
        while (TryTake(out var batch))
        {
            // Not before it is stored: whoever finds it known here relies on it.
            if (await TryStoreAsync(batch.Users))
                Remember(batch.Users);
            // Those who wait go on one after the other in another thread, and the next are written meanwhile.
            _ = Task.Run(batch.Written.SetResult);
        }
    }

    private bool TryTake(out Batch batch)
    {
        lock (_lock)
        {
            batch = _next;
            _isWriting = batch.Users.Count > 0;
            if (_isWriting)
                _next = new Batch();
            return _isWriting;
        }
    }

    private async Task<bool> TryStoreAsync(List<UserKey> users)
    {
        try
        {
            await store.AddAsync(users, CancellationToken.None);
            return true;
        }
#pragma warning disable CA1031 // whoever has a good token is not kept out by a full disk, on which no account is made either
        catch (Exception failure)
#pragma warning restore CA1031
        {
            AccountLog.UsersNotNoted(logger, failure, users.Count, users[0].UserId, users[0].AppId);
            return false;
        }
    }

    private void Remember(List<UserKey> users)
    {
        lock (_lock)
        {
            if (_known.Count + users.Count > MaxKnown)
                _known.Clear();
            _known.UnionWith(users);
        }
    }

    /// <summary>Ids that are written together, and those who wait for it.</summary>
    private sealed class Batch
    {
        public List<UserKey> Users { get; } = [];

        /// <summary>A thread for each of those who wait would cost as much as what they wait for.</summary>
        public TaskCompletionSource Written { get; } = new();
    }
}
