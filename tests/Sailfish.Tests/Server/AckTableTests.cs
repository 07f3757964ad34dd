using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Delivery;
using Sailfish.Server.Messaging;

namespace Sailfish.Tests.Server;

public sealed class AckTableTests : IDisposable
{
    private readonly MemoryStore _store = new();
    private readonly AckTable _acks;

    public AckTableTests()
    {
        _acks = new AckTable(_store, TimeProvider.System, NullLogger<AckTable>.Instance);
    }

    public void Dispose() => _acks.Dispose();

    [Fact]
    public async Task An_ack_counts_also_for_who_read_the_store_before_it_was_saved()
    {
        _acks.Mark(1, 10001, 1);
        var read = _store.Positions.GetValueOrDefault((1, 10001));
        await _acks.SaveAsync(default);
        Assert.Equal(1, _store.Positions[(1, 10001)]);
        Assert.Equal(1, _acks.Position(1, 10001, read));
        Assert.True(_acks.IsAcked(1, 10001, 1));
    }

    [Fact]
    public async Task What_is_saved_is_forgotten_in_the_end_and_goes_on_from_the_store()
    {
        _acks.MarkUpTo(1, 10001, 5);
        for (var run = 0; run < 3; run++)
            await _acks.SaveAsync(default);
        Assert.False(_acks.IsAcked(1, 10001, 5));
        Assert.Equal(5, _acks.Position(1, 10001, 5));
        _acks.Mark(1, 10001, 6);
        await _acks.SaveAsync(default);
        Assert.Equal(6, _store.Positions[(1, 10001)]);
    }

    [Fact]
    public async Task What_cannot_be_saved_is_kept_and_tried_again()
    {
        _acks.Mark(1, 10001, 1);
        _store.Fails = true;
        await _acks.SaveAsync(default);
        Assert.Equal(1, _acks.Position(1, 10001, 0));
        _store.Fails = false;
        await _acks.SaveAsync(default);
        Assert.Equal(1, _store.Positions[(1, 10001)]);
    }

    [Fact]
    public async Task Acks_beyond_a_hole_are_kept_until_it_closes()
    {
        _acks.Mark(1, 10001, 2);
        for (var run = 0; run < 3; run++)
            await _acks.SaveAsync(default);
        Assert.True(_acks.IsAcked(1, 10001, 2));
        Assert.Empty(_store.Positions);
        _acks.Mark(1, 10001, 1);
        await _acks.SaveAsync(default);
        Assert.Equal(2, _store.Positions[(1, 10001)]);
    }

    private sealed class MemoryStore : IPositionStore
    {
        public Dictionary<(long ConversationId, long UserId), long> Positions { get; } = [];

        public bool Fails { get; set; }

        public Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new IOException("The disk is full.");
            foreach (var update in updates)
            {
                var stored = Positions.GetValueOrDefault((update.ConversationId, update.UserId));
                if (update.Merge(stored) is var seq && seq > stored)
                    Positions[(update.ConversationId, update.UserId)] = seq;
            }

            return Task.CompletedTask;
        }

        public ValueTask<IReadOnlyList<long>> ListForeignSeqsAsync(long conversationId, long userId, long after, int limit, CancellationToken cancellationToken) => new([]);
    }
}
