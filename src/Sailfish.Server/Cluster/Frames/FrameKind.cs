namespace Sailfish.Server.Cluster.Frames;

/// <summary>What the items of a frame are. A kind that a node does not know is from a newer one, and is skipped.</summary>
internal enum FrameKind : byte
{
    /// <summary>Committed messages, whole: <see cref="MessageItem"/>.</summary>
    Messages = 1,

    /// <summary>Where in the log committed messages stand: <see cref="PlaceItem"/>.</summary>
    Places = 2,

    /// <summary>What is to be done or told on other nodes: <see cref="ControlItem"/>.</summary>
    Control = 3,

    /// <summary>A node lives, and has sent so many frames to each other: <see cref="LinkCount"/>.</summary>
    Heartbeat = 4,

    /// <summary>A question: <see cref="CallItem"/>.</summary>
    Call = 5,

    /// <summary>What a question brought: <see cref="AnswerItem"/>.</summary>
    Answer = 6,
}
