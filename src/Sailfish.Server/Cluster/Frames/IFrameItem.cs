namespace Sailfish.Server.Cluster.Frames;

/// <summary>What frames of one kind carry. Each type knows its bytes; the frame around them is the same for all.</summary>
internal interface IFrameItem<TSelf>
    where TSelf : IFrameItem<TSelf>
{
    /// <summary>The kind of a frame that carries such items.</summary>
    static abstract FrameKind Kind { get; }

    /// <summary>How many bytes <see cref="Write"/> writes.</summary>
    int Size { get; }

    void Write(ref FieldWriter fields);

    /// <summary>Of bad bytes an item that nobody sees: the reader's fault tells.</summary>
    static abstract TSelf Read(ref FieldReader fields);
}
