using Sailfish.Client.Transports;

namespace Sailfish.Client.Connection;

/// <summary>
/// What a connection has to write. Frames are few: sends are limited by their window, requests go one at a time, and
/// acknowledgements are put together while the writer is busy.
/// </summary>
internal sealed class Outbox
{
    private readonly Lock _gate = new();
    private readonly Signal _work = new();
    private readonly AckBook _acks = new();
    private List<OutboundFrame> _frames = [];

    public void Enqueue(OutboundFrame frame)
    {
        lock (_gate)
            _frames.Add(frame);
        _work.Set();
    }

    public void AckUpTo(string conversation, long seq)
    {
        lock (_gate)
            _acks.AddUpTo(conversation, seq);
        _work.Set();
    }

    public void AckOne(string msgId)
    {
        lock (_gate)
            _acks.AddOne(msgId);
        _work.Set();
    }

    /// <summary>Writes what comes until cancelled.</summary>
    public async Task RunAsync(ITransport transport, CancellationToken cancellation)
    {
        while (true)
        {
            await _work.WaitAsync(cancellation);
            if (TakeAll() is { Count: > 0 } batch)
                await transport.WriteAsync(batch, cancellation);
        }
    }

    private List<OutboundFrame> TakeAll()
    {
        lock (_gate)
        {
            // Acknowledgements first: a SYNC behind them counts them.
            var batch = new List<OutboundFrame>(_frames.Count + 4);
            _acks.TakeAll(batch);
            batch.AddRange(_frames);
            _frames = [];
            return batch;
        }
    }
}
