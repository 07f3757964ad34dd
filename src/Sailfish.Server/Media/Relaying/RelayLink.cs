using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media.Relaying;

/// <summary>One answer of another node, while it is read.</summary>
/// <param name="node">The generation of the node.</param>
/// <param name="time">The clock.</param>
internal sealed class RelayLink(long node, TimeProvider time) : IPublisher, IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private long _heardAt = time.GetTimestamp();

    public long Node { get; } = node;

    public CancellationToken Token => _cut.Token;

    /// <summary>Whether anything of a stream has come.</summary>
    public bool HasBegun { get; private set; }

    public TimeSpan SilentFor => time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>Something has come.</summary>
    public void Hear() => Volatile.Write(ref _heardAt, time.GetTimestamp());

    public void Began() => HasBegun = true;

    public void Cut(CutReason reason) => Cut();

    public void Cut()
    {
        try
        {
            _ = _cut.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose() => _cut.Dispose();
}
