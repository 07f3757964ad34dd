namespace Sailfish.Server.Living;

/// <summary>What of a <see cref="RoomState"/> is told.</summary>
[Flags]
internal enum StateParts
{
    None = 0,
    Stream = 1,
    Size = 2,
    Viewers = 4,
    Title = 8,
    Announcement = 16,
    All = Stream | Size | Viewers | Title | Announcement,
}
