namespace Sailfish.LoadTest.Harness;

/// <summary>What is put under load.</summary>
internal enum ServerProgram
{
    /// <summary>The server of this project.</summary>
    Sailfish,

    /// <summary>A hub of ASP.NET Core SignalR with a group, without tokens, log or receipts on disk.</summary>
    SignalR,

    /// <summary>A loop of one <c>Socket.Send</c> per delivery: the floor.</summary>
    Floor,

    /// <summary>A nats-server, Debian's, as it is.</summary>
    Nats,

    /// <summary>The WebSockets and topics of uWebSockets, as Bun has them, with the little that a room needs beside them.</summary>
    UWebSockets,

    /// <summary>A loop of one send for each viewer and frame of a stream.</summary>
    VideoFloor,

    /// <summary>node-media-server, as npm has it.</summary>
    NodeMediaServer,
}
