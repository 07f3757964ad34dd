using Sailfish.Client.Transports;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Connection;

/// <summary>A frame that is answered by one of the same code.</summary>
internal sealed class Request(OutboundFrame frame, Func<InboundFrame, bool> accepts, Action<InboundFrame>? onReply = null)
{
    private readonly TaskCompletionSource<InboundFrame> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutboundFrame Frame { get; } = frame;

    public FrameCode Code => Frame.Code;

    public Task<InboundFrame> Reply => _reply.Task;

    /// <summary>Takes the frame if it is the answer. The handler runs before the next frame is looked at.</summary>
    public bool TryAnswer(InboundFrame frame)
    {
        if (frame.Code != Code || !accepts(frame))
            return false;
        onReply?.Invoke(frame);
        _reply.TrySetResult(frame);
        return true;
    }

    /// <summary>There is no answer; void when there was one.</summary>
    public void Fail(SailfishException cause)
    {
        _reply.TrySetException(cause);
        // Whoever asked may have gone away.
        _ = _reply.Task.Exception;
    }
}
