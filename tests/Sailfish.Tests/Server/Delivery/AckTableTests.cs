using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;

namespace Sailfish.Tests.Server.Delivery;

public sealed class AckTableTests : IDisposable
{
    private readonly MemoryStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly AckTable _acks = new();
    private readonly AckSaver _saver;

    public AckTableTests()
    {
        _saver = new AckSaver(_acks, _store, _time, NullLogger<AckSaver>.Instance);
    }

    public void Dispose() => _saver.Dispose();

    [Fact]
    public async Task An_ack_counts_also_for_who_read_the_store_before_it_was_saved()
    {
        _acks.Mark(1, 10001, 1);
        var read = _store.Positions.GetValueOrDefault((1, 10001));
        await _saver.SaveAsync(default);
        Assert.Equal(1, _store.Positions[(1, 10001)]);
        Assert.Equal(1, _acks.Position(1, 10001, read));
        Assert.True(IsAcked(1));
    }

    [Fact]
    public async Task What_is_saved_is_forgotten_in_the_end_and_goes_on_from_the_store()
    {
        _acks.MarkUpTo(1, 10001, 5);
        await SaveForSecondsAsync(3);
        Assert.False(IsAcked(5));
        Assert.Equal(5, _acks.Position(1, 10001, 5));
        _acks.Mark(1, 10001, 6);
        await _saver.SaveAsync(default);
        Assert.Equal(6, _store.Positions[(1, 10001)]);
    }

    [Fact]
    public async Task What_cannot_be_saved_is_kept_and_tried_again()
    {
        _acks.Mark(1, 10001, 1);
        _store.Fails = true;
        await _saver.SaveAsync(default);
        Assert.Equal(1, _acks.Position(1, 10001, 0));
        _store.Fails = false;
        await _saver.SaveAsync(default);
        Assert.Equal(1, _store.Positions[(1, 10001)]);
    }

    [Fact]
    public async Task Acks_beyond_a_hole_are_kept_until_it_closes()
    {
        _acks.Mark(1, 10001, 2);
        await SaveForSecondsAsync(3);
        Assert.True(IsAcked(2));
        Assert.Empty(_store.Positions);
        _acks.Mark(1, 10001, 1);
        await _saver.SaveAsync(default);
        Assert.Equal(2, _store.Positions[(1, 10001)]);
    }

    [Fact]
    public async Task Positions_are_saved_few_at_a_time()
    {
        for (var user = 1; user <= 1001; user++)
            _acks.MarkUpTo(user, 10001, 3);
        await _saver.SaveAsync(default);
        Assert.Equal(1001, _store.Positions.Count);
        Assert.Equal([200, 200, 200, 200, 200, 1], _store.Sizes);
        await _saver.SaveAsync(default);
        Assert.Equal(6, _store.Sizes.Count);
    }

    [Fact]
    public async Task What_said_nothing_new_and_what_is_saved_stays_in_memory_for_no_longer_than_two_seconds()
    {
        for (var conversation = 1; conversation <= 1000; conversation++)
        {
            _acks.MarkUpTo(conversation, 10001, 0);
            _acks.Mark(conversation, 10001, 5, 4);
        }

        Assert.Equal(0, _acks.Count);
        for (var conversation = 1; conversation <= 1000; conversation++)
            _acks.Mark(conversation, 10001, 1);
        Assert.Equal(1000, _acks.Count);
        await SaveForSecondsAsync(3);
        Assert.Equal(0, _acks.Count);
    }

    [Fact]
    public async Task A_reader_that_saw_the_store_before_a_save_finds_the_ack_however_many_saves_come_at_once()
    {
        _acks.Mark(1, 10001, 1);
        for (var save = 0; save < 10; save++)
            await _saver.SaveAsync(default);
        Assert.Equal(1, _acks.Position(1, 10001, 0));
    }

    [Fact]
    public async Task Of_holes_that_never_close_so_many_are_kept_and_no_more()
    {
        for (var conversation = 1; conversation <= 60_000; conversation++)
            _acks.Mark(conversation, 10001, 2);
        await SaveForSecondsAsync(3);
        Assert.Equal(50_000, _acks.Count);
        // One that was let go begins anew.
        _acks.Mark(1, 10001, 2);
        Assert.Equal(50_001, _acks.Count);
        _acks.Mark(1, 10001, 1);
        await SaveForSecondsAsync(3);
        Assert.Equal(2, _store.Positions[(1, 10001)]);
        Assert.Equal(50_000, _acks.Count);
    }

    private bool IsAcked(long seq) => _acks.NextUnacked(1, 10001, seq - 1).From != seq;

    private async Task SaveForSecondsAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            await _saver.SaveAsync(default);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await _saver.SaveAsync(default);
    }

    private sealed class MemoryStore : IPositionStore
    {
        public Dictionary<(long ConversationId, long UserId), long> Positions { get; } = [];

        public List<int> Sizes { get; } = [];

        public bool Fails { get; set; }

        public Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new IOException("The disk is full.");
            Sizes.Add(updates.Count);
            foreach (var update in updates)
            {
                var stored = Positions.GetValueOrDefault((update.ConversationId, update.UserId));
                if (update.Merge(stored) is var seq && seq > stored)
                    Positions[(update.ConversationId, update.UserId)] = seq;
            }

            return Task.CompletedTask;
        }

        public ValueTask<long> CountFromOthersAsync(long conversationId, long userId, long from, long to, int limit, CancellationToken cancellationToken) => new(0);
    }
}
