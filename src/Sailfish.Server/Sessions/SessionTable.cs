using System.Collections.Concurrent;
using Sailfish.Protocol;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Sessions;

/// <summary>The sessions of each user, on this node.</summary>
internal sealed class SessionTable
{
    private readonly ConcurrentDictionary<UserKey, UserSessions> _users = new();

    public IReadOnlyList<Session> Of(UserKey user) => _users.TryGetValue(user, out var sessions) ? sessions.All : [];

    /// <summary>Guests never are: they are here so that they can be closed.</summary>
    public bool IsOnline(UserKey user) => !Ids.IsGuest(user.UserId) && Of(user).Count > 0;

    /// <summary>All that are online.</summary>
    public IEnumerable<Session> All(long appId) => Online().Where(u => u.Key.AppId == appId).SelectMany(u => u.Value.All);

    /// <inheritdoc cref="All(long)"/>
    public IEnumerable<Session> All() => Online().SelectMany(u => u.Value.All);

    private IEnumerable<KeyValuePair<UserKey, UserSessions>> Online() => _users.Where(u => !Ids.IsGuest(u.Key.UserId));

    /// <summary>Runs <paramref name="change"/> on the user's sessions, alone. The entry goes when it is left empty.</summary>
    public T Change<T>(UserKey user, Func<UserSessions, T> change)
    {
        while (true)
        {
            var sessions = _users.GetOrAdd(user, static _ => new UserSessions());
            lock (sessions)
            {
                // Removed between the look-up and the lock: take the new one.
                if (sessions.IsGone)
                    continue;
                var result = change(sessions);
                if (sessions.All.Length == 0)
                {
                    sessions.IsGone = true;
                    _users.TryRemove(user, out _);
                }

                return result;
            }
        }
    }
}

/// <summary>One user's sessions, oldest first. Changed under its own lock, read without.</summary>
internal sealed class UserSessions
{
    private volatile Session[] _all = [];

    public Session[] All => _all;

    public bool IsGone { get; set; }

    public void Add(Session session) => _all = [.. _all, session];

    /// <summary>Removes just this session, compared by connection: never a newer one of the same user.</summary>
    public bool Remove(Session session)
    {
        var before = _all.Length;
        _all = [.. _all.Where(s => s.Connection.Id != session.Connection.Id)];
        return _all.Length < before;
    }
}
