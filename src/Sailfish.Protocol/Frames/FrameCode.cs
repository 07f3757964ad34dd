namespace Sailfish.Protocol.Frames;

/// <summary>What a frame is for. The numbers are the wire's (docs/protocol.md, section 1).</summary>
public enum FrameCode
{
    /// <summary>Who the connection speaks for; answered by the same code.</summary>
    Login = 1001,

    /// <summary>The session ends of the client's own will; answered, then closed.</summary>
    Logout = 1002,

    /// <summary>A message to a user or a room, or one that arrives.</summary>
    Message = 1003,

    /// <summary>The client is alive; answered by the same code.</summary>
    Heartbeat = 1004,

    /// <summary>The client has a message, or has everything up to a seq.</summary>
    Ack = 1005,

    /// <summary>The server stored the sender's message durably.</summary>
    Receipt = 1006,

    /// <summary>The server refuses something; a stable word and a sentence.</summary>
    Error = 1007,

    /// <summary>Pull of what was missed; answered by the same code.</summary>
    Sync = 1008,

    /// <summary>Enter a room; answered by the same code, then history.</summary>
    Join = 1009,

    /// <summary>Leave a room; answered by the same code.</summary>
    Leave = 1010,

    /// <summary>The server is about to close the connection, and says why.</summary>
    Bye = 1011,
}

/// <summary>Questions about <see cref="FrameCode"/> that the wire asks.</summary>
public static class FrameCodes
{
    /// <summary>Whether <paramref name="code"/> is one of the codes 1001 to 1011.</summary>
    public static bool IsKnown(int code) => code is >= (int)FrameCode.Login and <= (int)FrameCode.Bye;
}
