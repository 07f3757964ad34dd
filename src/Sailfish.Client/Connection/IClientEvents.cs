namespace Sailfish.Client.Connection;

/// <summary>What a connection tells its client.</summary>
internal interface IClientEvents
{
    void StateIs(SailfishState state, string? reason);

    void ViewersAre(long roomId, int viewers);

    void RoomIs(long roomId, RoomState state, IReadOnlyList<string> joined);
}
