using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server;

/// <summary>Who has a session on which node, as a test says.</summary>
internal sealed class SessionList : ISessionDirectory
{
    public List<(long UserId, long Node)> Sessions { get; } = [];

    public bool IsAway { get; set; }

    public Task<SessionEntry> EnterAsync(Session session, bool isAgain = false) => throw new NotSupportedException();

    public Task<SessionExit> LeaveAsync(Session session) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SessionRow>> FindAsync(UserKey user, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<SessionRow>>(() => [.. Sessions.Where(s => s.UserId == user.UserId).Select((s, i) => new SessionRow(user, i, s.Node, null, null, 0))]);

    public ValueTask<IReadOnlySet<long>> OnlineAsync(long appId, IReadOnlyCollection<long> users, CancellationToken cancellationToken) =>
        Read<IReadOnlySet<long>>(() => users.Intersect(Sessions.Select(s => s.UserId)).ToHashSet());

    public ValueTask<int> CountAsync(long appId, CancellationToken cancellationToken) => Read(() => Sessions.Select(s => s.UserId).Distinct().Count());

    private ValueTask<T> Read<T>(Func<T> read) => IsAway ? throw new IOException("The store is away.") : ValueTask.FromResult(read());
}
