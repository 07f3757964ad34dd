namespace Sailfish.Media.Rtmp;

/// <summary>How far a session is; it only goes on, never back.</summary>
public enum RtmpPhase : byte
{
    /// <summary>The three packets of the handshake are under way.</summary>
    Handshake,

    /// <summary>Commands come, of which publish is the last.</summary>
    Connecting,

    /// <summary>The peer asks to publish and waits for an answer; nothing more is read.</summary>
    PublishPending,

    /// <summary>Sound and pictures come.</summary>
    Publishing,

    /// <summary>Over: the owner sends what there is to send and closes the connection.</summary>
    Ended,
}
