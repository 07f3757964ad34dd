using Sailfish.Client.Receiving;
using Sailfish.Client.Sending;

namespace Sailfish.Client.Connection;

/// <summary>What a client keeps while its connections come and go.</summary>
internal sealed record ClientParts
{
    public required Inbox Inbox { get; init; }

    public required InboxSink Sink { get; init; }

    public required MessageBuffer Buffer { get; init; }

    public required MessageReader Reader { get; init; }

    public required PendingSends Pending { get; init; }

    public required SendPump Pump { get; init; }

    public required Rooms Rooms { get; init; }

    /// <summary>Whom it tells.</summary>
    public required IClientEvents Events { get; init; }
}
