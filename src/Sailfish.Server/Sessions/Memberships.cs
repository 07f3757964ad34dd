using Sailfish.Server.Conversations;

namespace Sailfish.Server.Sessions;

/// <summary>A session's part in a conversation of many: what the session has to tell it.</summary>
internal abstract class Membership
{
    public abstract ConversationKey Conversation { get; }

    /// <summary>The client was told that it is behind: pushes go on.</summary>
    public abstract void Resume(Session.Scope scope);
}

/// <summary>The conversations of many that one session takes part in: at most a score, so a small array is looked through.</summary>
internal sealed class Memberships
{
    /// <summary>Conversations whose end is remembered; of more, the first are forgotten.</summary>
    private const int MaxEnded = 1000;

    private volatile Membership[] _all = [];
    private volatile ConversationKey[] _ended = [];

    public IReadOnlyList<Membership> All => _all;

    public Membership? Find(ConversationKey conversation) => Array.Find(_all, m => m.Conversation == conversation);

    /// <summary>Whether the conversation ended while the session took part in it.</summary>
    public bool SawEnd(ConversationKey conversation) => Array.IndexOf(_ended, conversation) >= 0;

    /// <summary>Whether the session may read its log: it takes part, or did when it ended.</summary>
    public bool MayRead(ConversationKey conversation) =>
        // In this order: an end is noted before the part in it.
        Find(conversation) is not null || SawEnd(conversation);

    /// <summary>The caller holds this object's lock.</summary>
    public void Add(Membership member) => _all = [.. _all, member];

    /// <summary>The caller holds this object's lock.</summary>
    public void Remove(Membership member) => _all = [.. _all.Where(m => !ReferenceEquals(m, member))];

    /// <summary>Before the member leaves. The caller holds this object's lock.</summary>
    public void NoteEnd(ConversationKey conversation) => _ended = [.. _ended.Skip(_ended.Length - MaxEnded + 1), conversation];
}
