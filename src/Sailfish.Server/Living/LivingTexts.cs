namespace Sailfish.Server.Living;

/// <summary>What an anchor wrote on a room.</summary>
/// <param name="Name">The room's.</param>
/// <param name="Announcement">For all who come; empty for nothing.</param>
/// <param name="Edition">Of two that are of one room, the higher one is the newer.</param>
internal sealed record LivingTexts(string Name, string Announcement, int Edition)
{
    public static LivingTexts Of(LivingRoomRow row) => new(row.Name, row.Announcement, row.Edition);
}
