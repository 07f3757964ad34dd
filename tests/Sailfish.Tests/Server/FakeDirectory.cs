using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server;

/// <summary>The directory of all nodes' sessions, which answers when it is told to, and what else sessions ask where there are several nodes.</summary>
internal sealed class FakeDirectory : ISessionDirectory, ISessionCloser, ISessionDelivery, IChangeFeed
{
    private readonly Dictionary<ChangeKind, List<Func<Change, Task>>> _ears = [];

    /// <summary>Logins that wait, the oldest first.</summary>
    public Queue<TaskCompletionSource<SessionEntry>> Entering { get; } = new();

    /// <summary>What was done, in its order.</summary>
    public List<string> Done { get; } = [];

    /// <summary>Sessions of users on all nodes.</summary>
    public List<SessionRow> Rows { get; } = [];

    /// <summary>What an end makes of a user.</summary>
    public SessionExit Exit { get; set; }

    /// <summary>Saves of acks that wait.</summary>
    public TaskCompletionSource? Saving { get; set; }

    public static SessionEntry Entry(bool isRefused = false, bool cameOnline = false, long epoch = 1, params (SessionRow, ByeReason)[] removed) =>
        new(isRefused, cameOnline, epoch, removed);

    public static SessionRow RowOf(Session session, long node = 1) => new(session.User, session.Connection.Id, node, session.DeviceId, session.Platform, session.Since);

    public Task<SessionEntry> EnterAsync(Session session, bool isAgain = false)
    {
        lock (Done)
            Done.Add($"{(isAgain ? "again" : "enter")} {session.UserId}");
        var entry = new TaskCompletionSource<SessionEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
        Entering.Enqueue(entry);
        return entry.Task;
    }

    public Task<SessionExit> LeaveAsync(Session session)
    {
        lock (Done)
            Done.Add($"leave {session.UserId}");
        return Task.FromResult(Exit);
    }

    public ValueTask<IReadOnlyList<SessionRow>> FindAsync(UserKey user, CancellationToken cancellationToken) => new([.. Rows.Where(row => row.User == user)]);

    public ValueTask<IReadOnlySet<long>> OnlineAsync(long appId, IReadOnlyCollection<long> users, CancellationToken cancellationToken) =>
        new(Rows.Where(row => row.User.AppId == appId).Select(row => row.User.UserId).Intersect(users).ToHashSet());

    public ValueTask<int> CountAsync(long appId, CancellationToken cancellationToken) =>
        new(Rows.Where(row => row.User.AppId == appId).Select(row => row.User.UserId).Distinct().Count());

    public void Close(IReadOnlyCollection<SessionRow> sessions, ByeReason reason) => Done.AddRange(sessions.Select(session => $"close {session.ConnectionId} at {session.Node}: {reason}"));

    public Task SaveAcksAsync()
    {
        lock (Done)
            Done.Add("save");
        return Saving?.Task ?? Task.CompletedTask;
    }

    public void Registered(TimeSpan age) => Done.Add("late");

    public void StoreBeganAnew() => Done.Add("anew");

    public void On(ChangeKind kind, Func<Change, Task> read)
    {
        if (!_ears.TryGetValue(kind, out var ears))
            _ears[kind] = ears = [];
        ears.Add(read);
    }

    public void OnMissed(Func<Task> readAll)
    {
    }

    public async Task TellAsync(Change change)
    {
        foreach (var ear in _ears[change.Kind])
            await ear(change);
    }
}
