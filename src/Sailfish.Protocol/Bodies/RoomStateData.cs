namespace Sailfish.Protocol.Bodies;

/// <summary>The <c>data</c> of a message of <see cref="BizCodes.RoomState"/>: members that have not changed are absent.</summary>
public sealed record RoomStateData
{
    /// <summary>The <see cref="Event"/> of all of them.</summary>
    public const string EventName = "state";

    /// <summary>The room.</summary>
    public long RoomId { get; init; }

    /// <summary><see cref="EventName"/>.</summary>
    public string Event { get; init; } = EventName;

    /// <summary>One of <see cref="StreamWords"/>.</summary>
    public string? Stream { get; init; }

    /// <summary>Of the picture, in pixels; 0 where there is none.</summary>
    public int? Width { get; init; }

    /// <summary>Of the picture, in pixels; 0 where there is none.</summary>
    public int? Height { get; init; }

    /// <summary>Distinct users in the room.</summary>
    public int? Viewers { get; init; }

    /// <summary>The room's name.</summary>
    public string? Title { get; init; }

    /// <summary>What the anchor has to say to all who come; empty for nothing.</summary>
    public string? Announcement { get; init; }

    /// <summary>Names of some who came since the last message, at most three.</summary>
    public IReadOnlyList<string>? Joined { get; init; }
}
