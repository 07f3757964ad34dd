namespace Sailfish.Server.Living;

/// <summary>What came of a check.</summary>
/// <param name="Name">As it may be shown; null when none was given.</param>
/// <param name="Announcement">Likewise, masked where it had to be.</param>
/// <param name="Why">It may not stand there: why, for the person.</param>
/// <param name="IsMalformed">With <paramref name="Why"/>: it is no name or announcement at all.</param>
internal readonly record struct CheckedRoomTexts(string? Name, string? Announcement, string? Why, bool IsMalformed)
{
    public static CheckedRoomTexts Bad(string why) => new(null, null, why, true);

    public static CheckedRoomTexts Refused(string why) => new(null, null, why, false);
}
