namespace Sailfish.LoadTest.Transports;

/// <summary>The transports as the command line names them.</summary>
internal enum TransportKind
{
    Tcp,
    WsBinary,
    WsJson,
    WsLegacy,
}
