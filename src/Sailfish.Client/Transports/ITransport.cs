namespace Sailfish.Client.Transports;

/// <summary>Frames over one connection: one reader and one writer at a time.</summary>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>The next frame; null once the server closed.</summary>
    ValueTask<InboundFrame?> ReadAsync(CancellationToken cancellation);

    /// <summary>Writes frames in order.</summary>
    ValueTask WriteAsync(IReadOnlyList<OutboundFrame> frames, CancellationToken cancellation);
}
