namespace Sailfish.Protocol.Bodies;

/// <summary>SYNC, client to server (docs/protocol.md, section 4).</summary>
public sealed record SyncRequest
{
    /// <summary>By conversation, the last seq that the client has. Absent: every unacked one-to-one message.</summary>
    public IReadOnlyDictionary<string, long>? After { get; init; }

    /// <summary>Messages in the reply, 1 to 500; 100 when absent.</summary>
    public int? Limit { get; init; }
}
