using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sailfish.Server.Api;

/// <summary>POST /tokens.</summary>
internal sealed record TokenRequest
{
    [Required]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long UserId { get; init; }

    /// <summary>The name that others see, whatever the client says.</summary>
    public string? Name { get; init; }

    /// <summary>Likewise the picture.</summary>
    public string? Avatar { get; init; }

    /// <summary>Binds the token to a device.</summary>
    public string? Device { get; init; }

    /// <summary>Seconds to log in with it, 1 to 86,400; 300 when absent.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>That the user is somebody who signed up on the page; without it such a user gets no token here.</summary>
    public bool? Account { get; init; }

    /// <summary>At most 100 rooms, which alone can then be joined; absent: those that anybody may join.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public IReadOnlyList<long>? Rooms { get; init; }
}

internal sealed record TokenResponse(string Token, DateTimeOffset ExpiresAt);

/// <summary>POST /messages.</summary>
internal sealed record MessageRequest
{
    [Required]
    public int BizCode { get; init; }

    /// <summary>A string that holds a JSON object, or the object itself.</summary>
    [Required]
    public JsonElement Data { get; init; }

    /// <summary>The user it is from; absent: the system, user 0.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? From { get; init; }

    /// <summary>The idempotency key within each conversation, 1 to 64 characters.</summary>
    public string? ClientMsgId { get; init; }

    [Required]
    public MessageTarget? To { get; init; }
}

/// <summary>Exactly one of the four.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
internal sealed record MessageTarget
{
    public long? User { get; init; }

    /// <summary>At most 1,000.</summary>
    public IReadOnlyList<long>? Users { get; init; }

    public long? Room { get; init; }

    /// <summary>Everybody of the app who is online now; not stored.</summary>
    public bool? All { get; init; }
}

internal sealed record MessageResponse(string MsgId, string? Conversation, long? Seq, int OnlineUsers);

/// <summary>POST /online.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
internal sealed record OnlineRequest
{
    /// <summary>At most 1,000.</summary>
    [Required]
    public IReadOnlyList<long>? Users { get; init; }
}

internal sealed record OnlineResponse(bool Online, IReadOnlyList<SessionInfo> Sessions);

/// <param name="ConnectionId">The connection's id on this server.</param>
/// <param name="Platform">What the client said that it runs on.</param>
/// <param name="Device">The device, from the token or the client.</param>
/// <param name="Since">When it logged in.</param>
internal sealed record SessionInfo(string ConnectionId, string? Platform, string? Device, DateTimeOffset Since);

internal sealed record KickRequest
{
    /// <summary>For the audit, at most 200 characters.</summary>
    public string? Reason { get; init; }
}

internal sealed record KickResponse(int Closed);

internal sealed record SuspendRequest
{
    /// <summary>1 to 31,536,000; absent: until it is taken back.</summary>
    public int? Seconds { get; init; }

    /// <summary>At most 200 characters.</summary>
    public string? Reason { get; init; }
}

internal sealed record PasswordRequest
{
    /// <summary>The new one.</summary>
    [Required]
    public string? Password { get; init; }
}

internal sealed record TagRequest
{
    /// <summary>vip, rich or old.</summary>
    [Required]
    public string? Tag { get; init; }
}

internal sealed record TagsResponse(IReadOnlyList<string> Tags);

internal sealed record RoomResponse(long RoomId, int Viewers, int Peak, bool Open);

internal sealed record StreamResponse(
    long RoomId, string State, long? Publisher, int Kbps, double Fps, int Width, int Height, string? Video, string? Audio, double GopSeconds, int Viewers, int DroppedViewers, long UptimeSeconds);

/// <param name="Members">User ids in ascending order.</param>
/// <param name="Cursor">Give it back for the next page; null on the last one.</param>
internal sealed record MembersResponse(IReadOnlyList<long> Members, long? Cursor);

/// <summary>POST /rooms/{id}/mute, /unmute, /kick.</summary>
internal sealed record ModerationRequest
{
    [Required]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long UserId { get; init; }

    /// <summary>1 to 31,536,000.</summary>
    public int? Seconds { get; init; }
}

internal sealed record RoomKickResponse(int Removed);

internal sealed record ConversationMessagesResponse(IReadOnlyList<Sailfish.Protocol.Bodies.MessageBody> Messages, bool More);

/// <param name="AppId">Whose they are.</param>
/// <param name="ApiKey">The new one; the old one is void within a second.</param>
/// <param name="TokenSecret">Likewise.</param>
internal sealed record SecretsResponse(long AppId, string ApiKey, string TokenSecret);

/// <param name="Nodes">In the order in which they started.</param>
/// <param name="Bus">Up or away, for the node that was asked; a server that is alone has none.</param>
/// <param name="Repairs">Times that this node had cause to look into the log for messages that may not have come, since its start.</param>
internal sealed record ClusterResponse(IReadOnlyList<NodeStatus> Nodes, string? Bus, long Repairs);

/// <param name="Node">Which start of it.</param>
/// <param name="Name">The machine's.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Connections">Open ones; of other nodes as of some seconds ago, like all that follows.</param>
/// <param name="Rooms">Rooms that somebody is in there.</param>
/// <param name="Draining">It is about to stop.</param>
/// <param name="LeaseMs">How long its lease still holds; a server that is alone has none.</param>
internal sealed record NodeStatus(string Node, string Name, string Version, int Connections, int Rooms, bool Draining, long? LeaseMs);

/// <summary>GET /readyz in a cluster.</summary>
/// <param name="Status">ready, draining, no_lease or no_database.</param>
/// <param name="Node">Which start of this node.</param>
/// <param name="Lease">Its lease.</param>
/// <param name="Database">Up or away.</param>
/// <param name="Bus">Up or away.</param>
internal sealed record ReadyResponse(string Status, string Node, LeaseStatus Lease, string Database, string Bus);

internal sealed record LeaseStatus(bool Valid, long RemainingMs);
