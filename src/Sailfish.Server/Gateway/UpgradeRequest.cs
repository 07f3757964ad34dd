using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Server.Gateway;

/// <summary>A request for one of our WebSockets.</summary>
/// <param name="Request">What it asks for.</param>
/// <param name="HeadLength">The bytes of its head, the empty line with them.</param>
/// <param name="LegacyPath">What the seed's path says; null where it asks for something else.</param>
/// <param name="View">What is to be watched; null where it asks for something else.</param>
internal sealed record UpgradeRequest(WebSocketRequest Request, int HeadLength, LegacyPath? LegacyPath, ViewRequest? View = null);
