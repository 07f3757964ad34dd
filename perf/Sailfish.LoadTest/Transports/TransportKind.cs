namespace Sailfish.LoadTest.Transports;

/// <summary>How sessions connect.</summary>
internal enum TransportKind
{
    Tcp,
    WsBinary,
    WsJson,
    WsLegacy,
    SignalR,
    Nats,
}
