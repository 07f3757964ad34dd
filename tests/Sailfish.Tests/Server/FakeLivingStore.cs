using Sailfish.Server.Living;
using Sailfish.Server.Messaging;

namespace Sailfish.Tests.Server;

/// <summary>Living rooms as they are found at a start; nothing can be changed.</summary>
internal sealed class FakeLivingStore : ILivingStore
{
    public long Last { get; init; } = LivingRoom.FirstId - 1;

    public IReadOnlyList<LivingRoomRow> Open { get; init; } = [];

    public IReadOnlyList<IdRange> Skipped { get; init; } = [];

    public IReadOnlyList<LivingRoomRow> LoadOpen() => Open;

    public long LastId() => Last;

    public IReadOnlyList<IdRange> LoadSkipped() => Skipped;

    public Task<LivingRoomRow?> StartAsync(LivingRoomRow room, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CloseAsync(LivingRoomRow room, AppendRequest end) => throw new NotSupportedException();

    public Task SaveAsync(IReadOnlyList<LivingRoomRow> rooms, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(long appId, long anchorId, int skip, int take, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
