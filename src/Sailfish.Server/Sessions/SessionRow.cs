using Sailfish.Server.Conversations;

namespace Sailfish.Server.Sessions;

/// <summary>A session as all nodes see it.</summary>
/// <param name="User">Whose.</param>
/// <param name="ConnectionId">Its connection's.</param>
/// <param name="Node">The generation of the node where it is.</param>
/// <param name="Device">The device, where the client named one.</param>
/// <param name="Platform">The platform, where the client named one.</param>
/// <param name="Since">Milliseconds since 1970.</param>
internal sealed record SessionRow(UserKey User, long ConnectionId, long Node, string? Device, string? Platform, long Since);
