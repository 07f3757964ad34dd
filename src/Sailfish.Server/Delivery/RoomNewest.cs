namespace Sailfish.Server.Delivery;

/// <summary>How far a room has come in the log.</summary>
/// <param name="Seq">Its newest seq.</param>
/// <param name="IsClosed">That message ended it.</param>
internal sealed record RoomNewest(long Seq, bool IsClosed);
