using Sailfish.Protocol.Bodies;

namespace Sailfish.Server.Sessions;

/// <summary>What the directory made of a login.</summary>
/// <param name="IsRefused">The token was revoked, or the user is suspended: nothing was stored.</param>
/// <param name="CameOnline">The user had no other session on any node.</param>
/// <param name="Epoch">Orders the user's comings and goings over all nodes.</param>
/// <param name="Removed">Sessions that ended for it, on this node and others, and why each did.</param>
internal sealed record SessionEntry(bool IsRefused, bool CameOnline, long Epoch, IReadOnlyList<(SessionRow Session, ByeReason Reason)> Removed);
