using Sailfish.Media.Flv;

namespace Sailfish.Media.Rtmp;

/// <summary>
/// Who a session tells what its peer wants. All calls come from within <see cref="RtmpSession.Receive"/>, in the order of the peer's
/// messages. What they throw goes through it.
/// </summary>
public interface IRtmpPublisher
{
    /// <summary>
    /// The peer asks to publish; once a session. To be answered by <see cref="RtmpSession.Accept"/> or <see cref="RtmpSession.Refuse"/>,
    /// within this call or later.
    /// </summary>
    void Publish(RtmpPublish request);

    /// <summary>
    /// Sound, pictures, or onMetaData as a script (without the word @setDataFrame before it); other scripts are left out. The body is
    /// not empty and has memory of its own. E-RTMP's tags come as they are.
    /// </summary>
    void Tag(in FlvTag tag);

    /// <summary>
    /// The peer ends what it publishes (FCUnpublish, deleteStream or closeStream); once, and the phase is <see cref="RtmpPhase.Ended"/>.
    /// Not called when a connection merely ends, nor after <see cref="RtmpSession.Refuse"/>.
    /// </summary>
    void Stop();
}
