using Sailfish.Protocol.WebSockets;

namespace Sailfish.Server.Gateway;

/// <summary>A request for one of our WebSockets.</summary>
/// <param name="Request">What it asks for.</param>
/// <param name="HeadLength">The bytes of its head, the empty line with them.</param>
/// <param name="LegacyPath">What the seed's path says; null where it asks for <c>/ws</c>.</param>
internal sealed record UpgradeRequest(WebSocketRequest Request, int HeadLength, LegacyPath? LegacyPath);
