namespace Sailfish.Protocol.Dialects;

/// <summary>How frames stand on a connection (docs/protocol.md, section 3).</summary>
public enum Dialect
{
    /// <summary>Binary frames on TCP.</summary>
    Binary,

    /// <summary>Binary frames in WebSocket binary messages: subprotocol <c>sailfish.binary</c>.</summary>
    WebSocketBinary,

    /// <summary>One JSON frame a WebSocket text message: subprotocol <c>sailfish.json</c>.</summary>
    WebSocketJson,

    /// <summary>The seed's JSON in WebSocket text messages, with bodies as strings in and signed bytes out.</summary>
    WebSocketLegacy,
}
