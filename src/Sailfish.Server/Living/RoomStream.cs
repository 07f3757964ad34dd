namespace Sailfish.Server.Living;

/// <summary>What is known of a room's stream; the default is that there is none.</summary>
/// <param name="State">How it is.</param>
/// <param name="Width">Of the picture, in pixels; 0 where there is none.</param>
/// <param name="Height">Likewise.</param>
/// <param name="IsHere">It comes in through this node, which then keeps the room open.</param>
internal readonly record struct RoomStream(StreamState State, int Width = 0, int Height = 0, bool IsHere = false)
{
    /// <summary>The room is not deserted, whoever is in it.</summary>
    public bool KeepsOpen => State != StreamState.Off;
}
