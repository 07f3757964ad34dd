using Sailfish.Server.Conversations;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Sessions;

/// <summary>How fast one user goes, through however many connections. Guarded by its own lock.</summary>
internal sealed class UserPaces
{
    /// <summary>Remembered at the most; far more than are on their way into the log at once.</summary>
    private const int MaxOpened = 256;

    private HashSet<ConversationKey>? _opened;
    private Pace _messages;
    private Pace _bytes;
    private Pace _syncs;
    private Pace _joins;
    private Pace _conversations;

    public ref Pace Messages => ref _messages;

    /// <summary>Bytes of the messages' data.</summary>
    public ref Pace Bytes => ref _bytes;

    public ref Pace Syncs => ref _syncs;

    public ref Pace Joins => ref _joins;

    /// <summary>Conversations that the user's messages began.</summary>
    public ref Pace Conversations => ref _conversations;

    /// <summary>Sessions that go by these paces.</summary>
    public int Sessions { get; set; }

    /// <summary>The table has let go of it.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether the user has just begun this conversation: its first message may still be on its way into the log.</summary>
    public bool HasOpened(ConversationKey conversation) => _opened is not null && _opened.Contains(conversation);

    public void NoteOpened(ConversationKey conversation)
    {
        _opened ??= [];
        if (_opened.Count >= MaxOpened)
            _opened.Clear();
        _opened.Add(conversation);
    }

    /// <summary>Nothing would be lost with it: whoever comes again may do as much without it.</summary>
    public bool IsIdle(Moment now) =>
        Sessions == 0 && _messages.IsFull(now) && _bytes.IsFull(now) && _syncs.IsFull(now) && _joins.IsFull(now) && _conversations.IsFull(now);
}
