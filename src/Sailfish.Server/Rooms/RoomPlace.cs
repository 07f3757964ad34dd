namespace Sailfish.Server.Rooms;

/// <summary>
/// A place among the messages on their way to a room (<see cref="Room.InFlight"/>). It goes along with the message, and
/// whoever has it at the end of the way gives it back, once, where it was taken. The default is none.
/// </summary>
internal readonly record struct RoomPlace(Room? Room)
{
    /// <summary>Waits while the room has none left: so back-pressure reaches those who write to it.</summary>
    public static async ValueTask<RoomPlace> TakeAsync(Room room, CancellationToken cancellationToken)
    {
        await room.InFlight.WaitAsync(cancellationToken);
        return new RoomPlace(room);
    }

    public void GiveBack() => Room?.InFlight.Release();
}
