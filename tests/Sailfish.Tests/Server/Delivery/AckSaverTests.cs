using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;

namespace Sailfish.Tests.Server.Delivery;

public sealed class AckSaverTests : IDisposable
{
    private readonly AckTable _acks = new();
    private readonly Store _store = new();
    private readonly AckSaver _saver;

    public AckSaverTests() => _saver = new AckSaver(_acks, _store, TimeProvider.System, NullLogger<AckSaver>.Instance);

    public void Dispose() => _saver.Dispose();

    [Fact]
    public async Task Who_waits_for_acks_to_be_stored_waits_for_those_that_have_come_and_no_longer()
    {
        Assert.True(_saver.WhenSavedAsync().IsCompleted);
        _acks.MarkUpTo(1, 10001, 5);
        var first = _saver.WhenSavedAsync();
        Assert.False(first.IsCompleted);
        var saving = _saver.SaveAsync(CancellationToken.None);
        // Another one comes while the first is stored: perhaps behind it.
        _acks.MarkUpTo(2, 10001, 7);
        var second = _saver.WhenSavedAsync();
        _store.Saving!.SetResult();
        await saving;
        await first;
        Assert.False(second.IsCompleted);
        saving = _saver.SaveAsync(CancellationToken.None);
        _store.Saving!.SetResult();
        await saving;
        await second;
        Assert.True(_saver.WhenSavedAsync().IsCompleted);
    }

    [Fact]
    public async Task Nobody_waits_for_a_store_that_is_away()
    {
        _acks.MarkUpTo(1, 10001, 5);
        var saved = _saver.WhenSavedAsync();
        var saving = _saver.SaveAsync(CancellationToken.None);
        _store.Saving!.SetException(new TimeoutException());
        await saving;
        await saved;
        Assert.Equal(1, _acks.DirtyCount);
    }

    private sealed class Store : IPositionStore
    {
        public TaskCompletionSource? Saving { get; private set; }

        public Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken) => (Saving = new TaskCompletionSource()).Task;

        public ValueTask<long> CountFromOthersAsync(long conversationId, long userId, long from, long to, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
