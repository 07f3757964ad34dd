using Sailfish.Client.Transports;

namespace Sailfish.Client.Sending;

/// <summary>A message without a receipt so far. Its state belongs to <see cref="PendingSends"/>.</summary>
/// <param name="clientMsgId">The sender's key.</param>
/// <param name="frame">What is sent.</param>
/// <param name="conversation">Where it is said; null where only the server's handler knows.</param>
internal sealed class PendingSend(string clientMsgId, OutboundFrame frame, string? conversation)
{
    private readonly TaskCompletionSource<Receipt> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string ClientMsgId { get; } = clientMsgId;

    public OutboundFrame Frame { get; } = frame;

    public Task<Receipt> Result => _result.Task;

    /// <summary>Among all, in the order they were sent; null when it is not pending.</summary>
    public LinkedListNode<PendingSend>? Place { get; set; }

    /// <summary>Whether it went over the connection there is now.</summary>
    public bool InFlight { get; set; }

    /// <summary>How often the server refused it for its rate.</summary>
    public int RateLimited { get; set; }

    /// <summary>Whether a receipt of its key can be its own: in another conversation the key is another message's.</summary>
    public bool IsStoredBy(Receipt receipt) => conversation is null || conversation == receipt.Conversation;

    public void Complete(Receipt receipt) => _result.TrySetResult(receipt);

    public void Fail(SailfishException cause)
    {
        _result.TrySetException(cause);
        // The sender may have gone away; its exception is nobody's then, and that is no fault of the process.
        _ = _result.Task.Exception;
    }
}
