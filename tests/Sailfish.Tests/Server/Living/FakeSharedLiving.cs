using Sailfish.Server.Living;
using Sailfish.Server.Messaging;

namespace Sailfish.Tests.Server.Living;

/// <summary>The store of several nodes, in memory, with what it was asked.</summary>
internal sealed class FakeSharedLiving : ISharedLiving
{
    public long Last { get; set; } = LivingRoom.FirstId - 1;

    public List<LivingRoomRow> Open { get; } = [];

    public List<IdRange> Skipped { get; } = [];

    public Dictionary<long, int> ViewersElsewhere { get; } = [];

    public List<long> Deserted { get; } = [];

    /// <summary>Rooms whose anchors were noted, a list for each time.</summary>
    public List<long[]> Noted { get; } = [];

    public int NewsReads { get; private set; }

    /// <summary>What was read is given when this is done.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Exception? Failure { get; set; }

    public async ValueTask<LivingNews> ReadNewsAsync(long after, CancellationToken cancellationToken)
    {
        NewsReads++;
        var news = new LivingNews(Last, [.. Open.Where(r => r.Id > after)], [.. Skipped.Where(r => r.Last > after)]);
        return await GiveAsync(news);
    }

    public async ValueTask<LivingRoomRow?> FindOpenAsync(long id, CancellationToken cancellationToken)
    {
        var found = Open.Find(r => r.Id == id);
        await GiveAsync(id);
        return found;
    }

    public async ValueTask<IReadOnlyList<SharedRoom>> ListAsync(CancellationToken cancellationToken) =>
        await GiveAsync<IReadOnlyList<SharedRoom>>([.. Open.Select(r => new SharedRoom(r, ViewersElsewhere.GetValueOrDefault(r.Id)))]);

    public async Task<int> NoteAnchorsAsync(IReadOnlyList<long> rooms, CancellationToken cancellationToken)
    {
        Noted.Add([.. rooms]);
        return await GiveAsync(rooms.Count(id => Open.Exists(r => r.Id == id)));
    }

    public async ValueTask<IReadOnlyList<long>> ListDesertedAsync(TimeSpan away, CancellationToken cancellationToken) => await GiveAsync<IReadOnlyList<long>>([.. Deserted]);

    public ValueTask CloseDesertedAsync(LivingCounts last, Submission end, TimeSpan away) => throw new NotSupportedException();

    private async ValueTask<T> GiveAsync<T>(T answer)
    {
        await Gate;
        return Failure is null ? answer : throw Failure;
    }
}
