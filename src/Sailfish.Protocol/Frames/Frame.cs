using System.Buffers;

namespace Sailfish.Protocol.Frames;

/// <summary>One frame as read: its code and the bytes of its JSON body, which belong to the reader's buffer.</summary>
/// <param name="Code">What the frame is for.</param>
/// <param name="Body">UTF-8 JSON; valid only until the buffer it was read from is released.</param>
public readonly record struct Frame(FrameCode Code, ReadOnlySequence<byte> Body);

/// <summary>What came of an attempt to read a frame.</summary>
public enum FrameReadStatus
{
    /// <summary>The bytes so far are the start of a good frame.</summary>
    NeedMore,

    /// <summary>A whole frame was read.</summary>
    Frame,

    /// <summary>The first two bytes are not the magic number.</summary>
    BadMagic,

    /// <summary>The code is none of 1001 to 1011.</summary>
    UnknownCode,

    /// <summary>The length is negative or over the limit.</summary>
    BadLength,

    /// <summary>The envelope around the body is not what its dialect asks for.</summary>
    BadEnvelope,
}
