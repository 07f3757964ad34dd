using Sailfish.Protocol.WebSockets;

namespace Sailfish.Server.Media.Viewers;

/// <summary>Why a viewer's answer ends: the close code of its WebSocket (docs/protocol.md, section 9).</summary>
internal enum ViewerEnd : ushort
{
    None = 0,

    /// <summary>The stream or the room has ended.</summary>
    Ended = WebSocketCloseCode.Normal,

    /// <summary>The server stops.</summary>
    Draining = WebSocketCloseCode.GoingAway,

    /// <summary>The peer breaks the protocol.</summary>
    Broken = WebSocketCloseCode.ProtocolError,

    /// <summary>No token, or one that does not let in any more.</summary>
    NotAllowed = WebSocketCloseCode.PolicyViolation,

    /// <summary>The peer's message is longer than any that is taken.</summary>
    TooBig = WebSocketCloseCode.MessageTooBig,

    /// <summary>There is no place for one more.</summary>
    Full = 1013,

    /// <summary>Other tracks or codecs: to be opened again at once.</summary>
    TracksChanged = 4000,

    /// <summary>Nobody publishes, or there is no such room.</summary>
    NothingPublished = 4404,
}
