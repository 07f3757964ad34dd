namespace Sailfish.IntegrationTests.Harness;

/// <summary>What a client did or saw.</summary>
internal enum Seen
{
    /// <summary>A connection of its began.</summary>
    Connected,

    /// <summary>It joined a room: what comes after the seq is to be brought.</summary>
    Joined,

    /// <summary>It said something, for the first time or again.</summary>
    Sent,

    /// <summary>A RECEIPT came.</summary>
    Receipted,

    /// <summary>A message came by itself.</summary>
    Pushed,

    /// <summary>A message came by SYNC.</summary>
    Pulled,

    /// <summary>It was told that messages were skipped.</summary>
    Behind,

    /// <summary>Something that must not happen.</summary>
    Wrong,
}

/// <summary>One thing that a client did or saw.</summary>
/// <param name="What">Which kind of thing.</param>
/// <param name="Conversation">Where.</param>
/// <param name="Seq">The message's, or the newest at a join.</param>
/// <param name="MsgId">The message's.</param>
/// <param name="Key">The message's clientMsgId, which is its content, too; or words about what is wrong.</param>
internal sealed record HistoryEvent(Seen What, string Conversation = "", long Seq = 0, string MsgId = "", string Key = "");
