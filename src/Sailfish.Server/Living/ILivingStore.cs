namespace Sailfish.Server.Living;

/// <summary>Where living rooms are kept.</summary>
internal interface ILivingStore
{
    IReadOnlyList<LivingRoomRow> LoadOpen();

    /// <summary>The highest id that was ever given out; 0 when none was.</summary>
    long LastId();

    /// <summary>The new room, or the one that the anchor has open.</summary>
    Task<LivingRoomRow> StartAsync(long appId, long anchorId, int type, string name, long time, CancellationToken cancellationToken);

    /// <summary>Moves an open room to the records in one transaction; false when it was not open.</summary>
    Task<bool> CloseAsync(LivingRoomRow room, long time, CancellationToken cancellationToken);

    /// <summary>Stores likes and peaks.</summary>
    Task SaveAsync(IReadOnlyList<LivingRoomRow> rooms, CancellationToken cancellationToken);

    /// <summary>An anchor's closed rooms, newest first.</summary>
    ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(long appId, long anchorId, int skip, int take, CancellationToken cancellationToken);
}
