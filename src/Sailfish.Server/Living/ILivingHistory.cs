namespace Sailfish.Server.Living;

/// <summary>Living rooms as they are stored, to be read: those that are open when a server starts, and those that closed.</summary>
internal interface ILivingHistory
{
    IReadOnlyList<LivingRoomRow> LoadOpen();

    /// <summary>The highest id that was ever given out; the one before the first when none was.</summary>
    long LastId();

    /// <summary>Ids up to <see cref="LastId"/> that were passed over when one was given out.</summary>
    IReadOnlyList<IdRange> LoadSkipped();

    /// <summary>An anchor's closed rooms, newest first.</summary>
    ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(long appId, long anchorId, int skip, int take, CancellationToken cancellationToken);
}
