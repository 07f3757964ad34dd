using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Sessions;

/// <summary>
/// The rates of <c>Sailfish:Limits</c> that belong to a user: whoever comes back, or comes ten times, has no more of them.
/// A user that asked for nothing yet has no entry, and one whose paces are full again loses it.
/// </summary>
internal sealed class UserPaceTable(IOptions<LimitsOptions> options, TimeProvider time)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<UserKey, UserPaces> _users = new();
    private readonly Rate _messages = new(options.Value.MessagesPerSecond, options.Value.MessagesBurst);
    private readonly Rate _bytes = new(options.Value.EffectiveBytesPerSecond, options.Value.BytesBurst);
    private readonly Rate _syncs = new(options.Value.SyncsPerSecond, options.Value.SyncsBurst);
    private readonly Rate _joins = new(options.Value.JoinsPerSecond, options.Value.JoinsBurst);
    private readonly Rate _conversations = Rate.PerHour(options.Value.EffectiveNewConversationsPerHour);
    private long _swept = time.GetTimestamp();

    /// <summary>Users that have an entry.</summary>
    public int Count => _users.Count;

    public bool LimitsMessages => !_messages.IsOff || !_bytes.IsOff;

    public bool LimitsNewConversations => !_conversations.IsOff;

    /// <summary>Takes a message and its bytes, or says how long until both are there; then none was taken.</summary>
    public bool TryMessage(Session session, int bytes, out TimeSpan wait)
    {
        var paces = Of(session);
        lock (paces)
        {
            var now = Moment.Of(time);
            var (forMessage, forBytes) = (paces.Messages.WaitFor(_messages, 1, now), paces.Bytes.WaitFor(_bytes, bytes, now));
            wait = forMessage > forBytes ? forMessage : forBytes;
            if (wait > TimeSpan.Zero)
                return false;
            paces.Messages.Take(_messages, 1, now);
            paces.Bytes.Take(_bytes, bytes, now);
            return true;
        }
    }

    /// <summary>The message was refused for another rate: what is refused has changed nothing.</summary>
    public void GiveBackMessage(Session session, int bytes)
    {
        var paces = Of(session);
        lock (paces)
        {
            var now = Moment.Of(time);
            paces.Messages.GiveBack(_messages, 1, now);
            paces.Bytes.GiveBack(_bytes, bytes, now);
        }
    }

    /// <summary>A SYNC weighs what it makes the server look at: one, and one more for each ten conversations that it names.</summary>
    public bool TrySync(Session session, int conversations, out TimeSpan wait)
    {
        var paces = Of(session);
        lock (paces)
            return paces.Syncs.TryTake(_syncs, 1 + (conversations / 10), Moment.Of(time), out wait);
    }

    public bool TryJoin(Session session, out TimeSpan wait)
    {
        var paces = Of(session);
        lock (paces)
            return paces.Joins.TryTake(_joins, 1, Moment.Of(time), out wait);
    }

    /// <summary>Whether the user may write the first message of a conversation.</summary>
    public bool TryOpen(Session session, ConversationKey conversation, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        var paces = Of(session);
        lock (paces)
        {
            if (paces.HasOpened(conversation))
                return true;
            if (!paces.Conversations.TryTake(_conversations, 1, Moment.Of(time), out wait))
                return false;
            paces.NoteOpened(conversation);
            return true;
        }
    }

    /// <summary>Whether the user has just begun this conversation, by <see cref="TryOpen"/> or by <see cref="NoteOpened"/>.</summary>
    public bool HasOpened(Session session, ConversationKey conversation)
    {
        var paces = Of(session);
        lock (paces)
            return paces.HasOpened(conversation);
    }

    /// <summary>The user begins this conversation, which was counted elsewhere.</summary>
    public void NoteOpened(Session session, ConversationKey conversation)
    {
        var paces = Of(session);
        lock (paces)
            paces.NoteOpened(conversation);
    }

    /// <summary>The session ended.</summary>
    public static void Leave(Session session)
    {
        if (session.Paces is not { } paces)
            return;
        lock (paces)
            paces.Sessions--;
    }

    /// <summary>Lets go of those who have asked for nothing lately; called as often as the caller likes.</summary>
    public void Sweep()
    {
        if (time.GetElapsedTime(_swept) < SweepInterval)
            return;
        var now = Moment.Of(time);
        _swept = now.Timestamp;
        foreach (var (user, paces) in _users)
        {
            lock (paces)
            {
                if (!paces.IsIdle(now))
                    continue;
                paces.IsGone = true;
                _users.TryRemove(user, out _);
            }
        }
    }

    private UserPaces Of(Session session) => session.Paces ??= Enter(session.PacedAs);

    private UserPaces Enter(UserKey user)
    {
        while (true)
        {
            var paces = _users.GetOrAdd(user, static _ => new UserPaces());
            lock (paces)
            {
                // Let go of between the look-up and the lock: take the new one.
                if (paces.IsGone)
                    continue;
                paces.Sessions++;
                return paces;
            }
        }
    }
}
