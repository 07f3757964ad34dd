using Sailfish.Server.Conversations;
using Sailfish.Server.Living;

namespace Sailfish.Server.Media.Sharing;

/// <summary>A room's stream, as all nodes know it.</summary>
/// <param name="Room">Whose.</param>
/// <param name="Node">The generation of the node that it comes in through.</param>
/// <param name="Address">Where other nodes fetch it there, without a slash at its end; empty where they cannot.</param>
/// <param name="State">How it is.</param>
/// <param name="HasPublisher">Whether somebody publishes now.</param>
/// <param name="Width">Of the picture, in pixels; 0 where that is not known.</param>
/// <param name="Height">Likewise.</param>
internal sealed record SharedStream(RoomKey Room, long Node, string Address, StreamState State, bool HasPublisher, int Width, int Height);
