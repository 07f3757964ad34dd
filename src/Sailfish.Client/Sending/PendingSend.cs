using Sailfish.Client.Transports;

namespace Sailfish.Client.Sending;

/// <summary>A message without a receipt so far. Its state belongs to <see cref="PendingSends"/>.</summary>
internal sealed class PendingSend(string clientMsgId, OutboundFrame frame)
{
    private readonly TaskCompletionSource<Receipt> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string ClientMsgId { get; } = clientMsgId;

    public OutboundFrame Frame { get; } = frame;

    public Task<Receipt> Result => _result.Task;

    /// <summary>Whether it went over the connection there is now.</summary>
    public bool InFlight { get; set; }

    /// <summary>How many calls wait for it: it is forgotten with the last.</summary>
    public int Waiters { get; set; }

    /// <summary>How often the server refused it for its rate.</summary>
    public int RateLimited { get; set; }

    public void Complete(Receipt receipt) => _result.TrySetResult(receipt);

    public void Fail(SailfishException cause)
    {
        _result.TrySetException(cause);
        // The sender may have gone away; its exception is nobody's then, and that is no fault of the process.
        _ = _result.Task.Exception;
    }
}
