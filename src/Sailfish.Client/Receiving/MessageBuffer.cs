using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sailfish.Client.Receiving;

/// <summary>The messages that wait for the application, a bounded number of them.</summary>
/// <param name="capacity">How many may wait.</param>
/// <param name="holdsUntilRead">Whether a message counts until its reader asks for the next one.</param>
internal sealed class MessageBuffer(int capacity, bool holdsUntilRead = false)
{
    private readonly Channel<SailfishMessage> _channel = Channel.CreateUnbounded<SailfishMessage>();
    private readonly Signal _space = new();
    private TaskCompletionSource? _emptied;
    private int _count;
    private volatile bool _completed;

    /// <summary>How many more fit.</summary>
    public int Free => Math.Max(0, capacity - Volatile.Read(ref _count));

    /// <summary>A pull is worth its while with half of the space; where reading acknowledges, the same would come again before all is read.</summary>
    private int FewEnough => holdsUntilRead ? 0 : capacity / 2;

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

    /// <summary>Nothing comes any more; what waits can still be read.</summary>
    public void Complete()
    {
        _completed = true;
        _channel.Writer.TryComplete();
        Interlocked.Exchange(ref _emptied, null)?.TrySetResult();
    }

    /// <summary>Waits until there is enough space for a pull.</summary>
    public async ValueTask WaitForSpaceAsync(CancellationToken cancellation)
    {
        while (Volatile.Read(ref _count) > FewEnough)
            await _space.WaitAsync(cancellation);
    }

    /// <summary>Waits until nothing waits; false when something does that is read, if at all, after the end.</summary>
    public async Task<bool> WaitUntilEmptyAsync(CancellationToken cancellation)
    {
        while (Volatile.Read(ref _count) > 0)
        {
            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var emptied = Interlocked.CompareExchange(ref _emptied, made, null) ?? made;
            if (_completed)
                return false;
            if (Volatile.Read(ref _count) > 0)
                await emptied.Task.WaitAsync(cancellation);
        }

        return true;
    }

    /// <summary>Hands the messages over; <paramref name="read"/> is told of each that its reader has done with.</summary>
    public async IAsyncEnumerable<SailfishMessage> ReadAllAsync(
        Action<SailfishMessage> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var message in _channel.Reader.ReadAllAsync(cancellation))
        {
            if (!holdsUntilRead)
                Take();
            yield return message;
            if (!holdsUntilRead)
                continue;
            read(message);
            Take();
        }
    }

    private void Take()
    {
        var left = Interlocked.Decrement(ref _count);
        if (left <= FewEnough)
            _space.Set();
        if (left == 0)
            Interlocked.Exchange(ref _emptied, null)?.TrySetResult();
    }
}
