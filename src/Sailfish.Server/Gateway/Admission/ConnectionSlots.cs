namespace Sailfish.Server.Gateway.Admission;

/// <summary>
/// The places for connections. A crowd of one kind leaves the other kind's places alone, and all together leave the process
/// the files that it needs for itself.
/// </summary>
internal sealed class ConnectionSlots(ConnectionBounds bounds)
{
    /// <summary>Out of the reserve: whatever the gateway has, probes and the server API get in.</summary>
    private const int HttpOfReserve = 32;

    /// <summary>Out of the reserve: those who are told that there is no place for them.</summary>
    private const int LeavingOfReserve = 64;

    /// <summary>Beyond it those without a place are not listened to.</summary>
    private const int MostLeaving = 256;

    private readonly Lock _lock = new();
    private int _gateway;
    private int _viewers;
    private int _http;
    private int _leaving;

    public bool TryTake(SlotKind kind)
    {
        lock (_lock)
        {
            if (!IsFree(kind))
                return false;
            Count(kind)++;
            return true;
        }
    }

    public void Return(SlotKind kind)
    {
        lock (_lock)
            Count(kind)--;
    }

    /// <summary>Changes the kind of a place that is taken; when there is none of the other kind, nothing changes.</summary>
    public bool TryChange(SlotKind from, SlotKind to)
    {
        lock (_lock)
        {
            Count(from)--;
            var isFree = IsFree(to);
            Count(isFree ? to : from)++;
            return isFree;
        }
    }

    private bool IsFree(SlotKind kind)
    {
        var gateway = _gateway + _viewers;
        var isRoom = gateway + _http + _leaving < bounds.All;
        return kind switch
        {
            SlotKind.Gateway => gateway < bounds.Gateway && isRoom,
            SlotKind.Viewer => _viewers < bounds.Viewers && gateway < bounds.BeforeChat && isRoom,
            SlotKind.Http => _http < bounds.Http && (isRoom || _http < HttpOfReserve),
            _ => _leaving < MostLeaving && (isRoom || _leaving < LeavingOfReserve),
        };
    }

    private ref int Count(SlotKind kind)
    {
        switch (kind)
        {
            case SlotKind.Gateway: return ref _gateway;
            case SlotKind.Viewer: return ref _viewers;
            case SlotKind.Http: return ref _http;
            default: return ref _leaving;
        }
    }
}

/// <summary>What a place is for.</summary>
internal enum SlotKind
{
    /// <summary>Our own protocols.</summary>
    Gateway,

    /// <summary>One of the gateway's, to watch on a WebSocket: who does has another one for messages, which is not to be without a place.</summary>
    Viewer,

    /// <summary>HTTP, or nothing that was asked for yet on the web port.</summary>
    Http,

    /// <summary>To hear why there is no place.</summary>
    Leaving,
}
