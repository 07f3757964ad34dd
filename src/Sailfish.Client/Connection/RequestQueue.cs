using System.Threading.Channels;
using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Client.Connection;

/// <summary>Sends requests one at a time, so that an ERROR that names no message and no room belongs to the one that is out.</summary>
internal sealed class RequestQueue(Outbox outbox)
{
    private readonly Channel<Request> _queue = Channel.CreateUnbounded<Request>();
    private volatile Request? _outstanding;

    /// <summary>Gives the answer; throws <see cref="SailfishException"/> when the server refuses or the connection ends.</summary>
    public Task<InboundFrame> CallAsync(Request request)
    {
        if (!_queue.Writer.TryWrite(request))
            request.Fail(SailfishException.ConnectionLost());
        return request.Reply;
    }

    /// <summary>Whether the frame was the answer that is waited for.</summary>
    public bool TryAnswer(InboundFrame frame) => _outstanding?.TryAnswer(frame) ?? false;

    /// <summary>Whether the refusal was of what is waited for.</summary>
    public bool TryRefuse(ErrorBody error, SailfishException refusal) => _outstanding?.TryRefuse(error, refusal) ?? false;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var request in _queue.Reader.ReadAllAsync(cancellation))
        {
            _outstanding = request;
            outbox.Enqueue(request.Frame);
            await ((Task)request.Reply).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _outstanding = null;
            request.Fail(SailfishException.ConnectionLost());
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The connection ended: nothing is answered any more.</summary>
    public void Close(SailfishException cause)
    {
        _queue.Writer.TryComplete();
        _outstanding?.Fail(cause);
        while (_queue.Reader.TryRead(out var request))
            request.Fail(cause);
    }
}
