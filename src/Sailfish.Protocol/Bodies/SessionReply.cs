namespace Sailfish.Protocol.Bodies;

/// <summary>LOGIN, LOGOUT and HEARTBEAT, server to client: what each answers with.</summary>
public sealed record SessionReply
{
    /// <summary>The session's app.</summary>
    public long AppId { get; init; }

    /// <summary>The session's user.</summary>
    public long UserId { get; init; }

    /// <summary>Always <c>"true"</c>; the seed's clients look for it.</summary>
    public string Data { get; init; } = "true";

    /// <summary>Protocol 2, LOGIN: the connection's id on this server.</summary>
    public string? ConnectionId { get; init; }

    /// <summary>Protocol 2, LOGIN: seconds between heartbeats.</summary>
    public int? HeartbeatSeconds { get; init; }

    /// <summary>Protocol 2, LOGIN that asked for features: those that are granted (<see cref="FeatureWords"/>).</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Protocol 2, HEARTBEAT: viewers by room id, for the rooms that this connection has joined.</summary>
    public IReadOnlyDictionary<string, int>? Rooms { get; init; }
}
