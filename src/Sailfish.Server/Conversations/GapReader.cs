namespace Sailfish.Server.Conversations;

/// <summary>
/// Reads from the log what did not come by itself: a few at once, so that much that is missing leaves the store to others too,
/// and again while the store fails.
/// </summary>
internal sealed class GapReader(IMessageHistory history, TimeProvider time) : IDisposable
{
    private const int MaxReads = 64;

    /// <summary>What is in memory at a time: about as much as is pushed to a member at once.</summary>
    private const int PageBytes = 32 * 1024;
    private const int PageCount = 100;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _reads = new(MaxReads);

    /// <summary>How long the log may give no answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Messages after a seq and up to another, as many as are held at a time.</summary>
    /// <exception cref="TimeoutException">The log gave no answer.</exception>
    public async Task<GapPage> ReadAsync(ConversationKey key, long after, long upTo)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        Exception? last = null;
        try
        {
            while (true)
            {
                try
                {
                    return await ReadOnceAsync(key, after, upTo, patience.Token);
                }
#pragma warning disable CA1031 // whatever it was, it may go by; if it does not, it is told at the end
                catch (Exception fault) when (!patience.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    last = fault;
                }

                await Task.Delay(BetweenTries, time, patience.Token);
            }
        }
        catch (Exception fault) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException("The log gave no answer.", last ?? fault);
        }
    }

    public void Dispose() => _reads.Dispose();

    private async Task<GapPage> ReadOnceAsync(ConversationKey key, long after, long upTo, CancellationToken cancellationToken)
    {
        await _reads.WaitAsync(cancellationToken);
        try
        {
            var count = (int)Math.Min(PageCount, upTo - after);
            // A store that hangs may not hear that nobody waits for it any more.
            var (messages, isWhole) = await history.ReadAsync(key, after, count, PageBytes, cancellationToken).AsTask().WaitAsync(cancellationToken);
            var reached = isWhole || messages.Count == 0 ? upTo : Math.Min(upTo, messages[^1].Seq);
            return new GapPage([.. messages.TakeWhile(m => m.Seq <= upTo)], reached);
        }
        finally
        {
            _reads.Release();
        }
    }
}
