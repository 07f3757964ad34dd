using Sailfish.Server.Living;

namespace Sailfish.Tests.Server;

/// <summary>Living rooms as they are found at a start.</summary>
internal sealed class FakeLivingHistory : ILivingHistory
{
    public long Last { get; init; } = LivingRoom.FirstId - 1;

    public IReadOnlyList<LivingRoomRow> Open { get; init; } = [];

    public IReadOnlyList<IdRange> Skipped { get; init; } = [];

    public IReadOnlyList<LivingRoomRow> LoadOpen() => Open;

    public long LastId() => Last;

    public IReadOnlyList<IdRange> LoadSkipped() => Skipped;

    public ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(long appId, long anchorId, int skip, int take, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
