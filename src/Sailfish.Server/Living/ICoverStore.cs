namespace Sailfish.Server.Living;

/// <summary>Where covers of open rooms are kept, at most one a room. They go with their rooms.</summary>
internal interface ICoverStore
{
    /// <summary>
    /// Puts a cover in the place of the room's one before. False, and nothing is changed, when the room is not open, when the one
    /// before was chosen and this one is not, and when the disk is low. Of several at once the last one stays, but for that.
    /// </summary>
    Task<bool> SaveAsync(long roomId, Cover cover, bool isChosen);

    /// <summary>The cover stays, but counts as chosen no more. Of a room without one nothing happens.</summary>
    Task LetGoAsync(long roomId);

    /// <summary>The cover as it is now; null where there is none.</summary>
    ValueTask<Cover?> FindAsync(long roomId, CancellationToken cancellationToken);

    /// <summary>Which there are, without their contents.</summary>
    ValueTask<IReadOnlyList<CoverHead>> ListAsync(CancellationToken cancellationToken);
}
