namespace Sailfish.Server.Living;

/// <summary>An open room, with what all nodes have counted there.</summary>
/// <param name="Row">As it is stored.</param>
/// <param name="ViewersElsewhere">Users in it through each of the other nodes, summed.</param>
internal sealed record SharedRoom(LivingRoomRow Row, int ViewersElsewhere);
