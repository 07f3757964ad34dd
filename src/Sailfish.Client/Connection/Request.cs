using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Connection;

/// <summary>A frame that is answered by one of the same code.</summary>
/// <param name="frame">What is asked.</param>
/// <param name="accepts">Whether a frame of the same code is the answer.</param>
/// <param name="isRefusedBy">Whether an ERROR without a <c>clientMsgId</c> can be about this.</param>
/// <param name="onReply">Runs with the answer, before the next frame is looked at.</param>
internal sealed class Request(
    OutboundFrame frame, Func<InboundFrame, bool> accepts, Func<ErrorBody, bool> isRefusedBy, Action<InboundFrame>? onReply = null)
{
    private readonly TaskCompletionSource<InboundFrame> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutboundFrame Frame { get; } = frame;

    public FrameCode Code => Frame.Code;

    public Task<InboundFrame> Reply => _reply.Task;

    /// <summary>Takes the frame if it is the answer.</summary>
    public bool TryAnswer(InboundFrame frame)
    {
        if (frame.Code != Code || !accepts(frame))
            return false;
        onReply?.Invoke(frame);
        _reply.TrySetResult(frame);
        return true;
    }

    /// <summary>Whether the refusal is of this request, which has failed then.</summary>
    public bool TryRefuse(ErrorBody error, SailfishException refusal)
    {
        if (!isRefusedBy(error))
            return false;
        Fail(refusal);
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
