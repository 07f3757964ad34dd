namespace Sailfish.LoadTest.Scenarios;

/// <summary>What a flooder sends without end.</summary>
internal enum FloodKind
{
    /// <summary>ACKs of messages that do not exist.</summary>
    Ack,

    /// <summary>LEAVE of a room that was never joined.</summary>
    Leave,

    /// <summary>LOGIN again, which is ignored.</summary>
    Login,

    /// <summary>Heartbeats, each answered.</summary>
    Heartbeat,

    /// <summary>SYNCs of somebody else's conversation, each refused.</summary>
    Sync,

    /// <summary>JOINs of no room, each refused.</summary>
    Join,

    /// <summary>MESSAGEs over the rate, each refused.</summary>
    Message,

    /// <summary>Bodies whose members have the wrong type.</summary>
    Body,

    /// <summary>Without a login, over WebSocket: pongs that nobody asked for.</summary>
    Pong,

    /// <summary>Without a login, over WebSocket: pings.</summary>
    Ping,

    /// <summary>Without a login, over WebSocket: a message of empty fragments that never ends.</summary>
    Continuation,

    /// <summary>Without a login: a frame of the wrong magic, and whatever goes out before the connection ends.</summary>
    Frame,
}
