using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>What a one-to-one conversation waits for, and what waits in it for that.</summary>
internal sealed class DirectGap(DirectRun run, StoredMessage first)
{
    public DirectRun Run => run;

    public ConversationKey Conversation { get; } = first.Conversation;

    /// <summary>The seq that showed that something is missing.</summary>
    public long FirstSeq { get; } = first.Seq;

    /// <summary>Where the run begins, as far as is known while that is looked for.</summary>
    public long BeginSeq { get; set; } = first.Seq;

    /// <summary>When the first was said, in milliseconds since 1970.</summary>
    public long FirstTime { get; } = first.Time;

    public HeldMessages Held { get; } = new();

    /// <summary>The newest seq of those that came and were not held; 0 when there is none.</summary>
    public long LetGoUpTo { get; set; }

    /// <summary>Up to this seq the log was read: what of it is not held, the retention took.</summary>
    public long ReadUpTo { get; set; }

    /// <summary>The log is being read.</summary>
    public bool IsReading { get; set; }

    /// <summary>The last seq that is missing before the first that is held.</summary>
    public long MissingUpTo => Held.Count > 0 ? Held.FirstSeq - 1 : LetGoUpTo;
}
