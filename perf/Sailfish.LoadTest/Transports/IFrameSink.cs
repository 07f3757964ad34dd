using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Transports;

/// <summary>Who takes the frames of a connection.</summary>
internal interface IFrameSink
{
    /// <summary>A frame from the server; <paramref name="body"/> is valid during the call only.</summary>
    void OnFrame(FrameCode code, ReadOnlySpan<byte> body);
}
