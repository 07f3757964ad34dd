using System.Threading.Channels;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Logins and logouts that wait to be written: those of a user in their order, one in each batch, and the users in turns. So
/// nobody waits for another user's, however many those are.
/// </summary>
/// <param name="most">Sessions of a user.</param>
internal sealed class DirectoryBacklog(int most)
{
    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Lock _lock = new();
    private readonly Dictionary<UserKey, OfUser> _users = [];
    private readonly Queue<UserKey> _turns = new();
    private bool _isClosed;

    /// <summary>Adds one behind all of its user's; false when no more are taken.</summary>
    public bool TryAdd(DirectoryJob job)
    {
        lock (_lock)
        {
            if (_isClosed)
                return false;
            Add(job);
        }

        _added.Writer.TryWrite(true);
        return true;
    }

    /// <summary>What is there by now is still written.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
        _added.Writer.TryComplete();
    }

    /// <summary>Waits until there is something to be written; false when there will be nothing any more. The writer's.</summary>
    public async ValueTask<bool> WaitAsync()
    {
        while (IsEmpty())
        {
            if (!await _added.Reader.WaitToReadAsync(CancellationToken.None))
                return !IsEmpty();
            _added.Reader.TryRead(out _);
        }

        return true;
    }

    /// <summary>Takes one job of each user whose turn it is, of so many users at the most.</summary>
    public DirectoryBatch Take(int count)
    {
        var batch = new DirectoryBatch();
        lock (_lock)
        {
            for (var turns = _turns.Count; turns > 0 && batch.Count < count; turns--)
                TakeTurn(batch);
        }

        return batch;
    }

    private bool IsEmpty()
    {
        lock (_lock)
            return _turns.Count == 0;
    }

    private void Add(DirectoryJob job)
    {
        var user = job.Session.User;
        if (!_users.TryGetValue(user, out var waiting))
        {
            _users.Add(user, waiting = new OfUser());
            _turns.Enqueue(user);
        }

        waiting.Jobs.Enqueue(job);
        // What was listed before may be in the database, and has to be taken out there.
        if (job is DirectoryLogin { IsAgain: false } login)
            waiting.Add(login, most);
    }

    private void TakeTurn(DirectoryBatch batch)
    {
        var user = _turns.Dequeue();
        var waiting = _users[user];
        if (waiting.Take() is { } job)
            batch.Add(job);
        if (waiting.Jobs.Count > 0)
            _turns.Enqueue(user);
        else
            _users.Remove(user);
    }

    private sealed class OfUser
    {
        /// <summary>Those of them that are logins of sessions which were never listed.</summary>
        private readonly Queue<DirectoryLogin> _logins = new();

        public Queue<DirectoryJob> Jobs { get; } = new();

        public void Add(DirectoryLogin login, int most)
        {
            _logins.Enqueue(login);
            while (_logins.Count > most)
                _logins.Dequeue().Overtake(ReasonFor);
        }

        /// <summary>The next one that somebody still wants.</summary>
        public DirectoryJob? Take()
        {
            while (Jobs.TryDequeue(out var job))
            {
                if (_logins.TryPeek(out var login) && login == job)
                    _logins.Dequeue();
                if (job.TryTake())
                    return job;
            }

            return null;
        }

        private ByeReason ReasonFor(string? device) =>
            device is not null && _logins.Any(later => later.Session.DeviceId == device) ? ByeReason.Replaced : ByeReason.TooManySessions;
    }
}
