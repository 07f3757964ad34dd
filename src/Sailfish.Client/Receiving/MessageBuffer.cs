using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sailfish.Client.Receiving;

/// <summary>The messages that wait for the application, a bounded number of them.</summary>
internal sealed class MessageBuffer(int capacity)
{
    private readonly Channel<SailfishMessage> _channel = Channel.CreateUnbounded<SailfishMessage>();
    private readonly Signal _space = new();
    private int _count;

    /// <summary>How many more fit.</summary>
    public int Free => Math.Max(0, capacity - Volatile.Read(ref _count));

    /// <summary>Adds a message; false when it is full. One caller at a time.</summary>
    public bool TryAdd(SailfishMessage message)
    {
        // What the server does not store cannot be pulled later: it gets as much space again.
        var limit = message.Seq is null ? 2L * capacity : capacity;
        if (Volatile.Read(ref _count) >= limit)
            return false;
        Interlocked.Increment(ref _count);
        return _channel.Writer.TryWrite(message);
    }

    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>Waits until at least half of the capacity is free, so that a pull is worth its while.</summary>
    public async ValueTask WaitForSpaceAsync(CancellationToken cancellation)
    {
        while (Volatile.Read(ref _count) > capacity / 2)
            await _space.WaitAsync(cancellation);
    }

    public async IAsyncEnumerable<SailfishMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var message in _channel.Reader.ReadAllAsync(cancellation))
        {
            if (Interlocked.Decrement(ref _count) <= capacity / 2)
                _space.Set();
            yield return message;
        }
    }
}
