using Sailfish.Server.Messaging;

namespace Sailfish.Server.Living;

/// <summary>Knows whose anchors stay away: the keeper asks it each second.</summary>
internal interface IAnchorWatch
{
    /// <summary>Looks at one room, from memory.</summary>
    void LookIn(LivingRoom room);

    /// <summary>Notes for others whose anchors are here.</summary>
    Task NoteAsync();

    /// <summary>Rooms that this node is to close, for their anchors stay away.</summary>
    Task<IReadOnlyList<LivingRoom>> FindDesertedAsync();

    /// <summary>Closes one of them in the store, unless its anchor is back.</summary>
    ValueTask CloseAsync(LivingCounts last, Submission end);
}
