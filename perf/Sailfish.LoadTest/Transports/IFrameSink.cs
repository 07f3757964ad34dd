using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Transports;

/// <summary>Who takes the frames of a connection.</summary>
internal interface IFrameSink
{
    /// <summary>What is answered next, for a protocol whose answers do not say what they are to.</summary>
    FrameCode Awaited { get; }

    /// <summary>A frame from the server; <paramref name="body"/> is valid during the call only.</summary>
    void OnFrame(FrameCode code, ReadOnlySpan<byte> body);
}
