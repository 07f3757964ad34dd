using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;

namespace Sailfish.Tests.Server.Accounts;

public sealed class UsedIdTableTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Store _store = new();
    private readonly UsedIdTable _table;

    public UsedIdTableTests() => _table = new UsedIdTable(_store, NullLogger<UsedIdTable>.Instance);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Those_who_come_while_others_are_written_go_together()
    {
        var all = Enumerable.Range(0, 1000).Select(i => NoteAsync(i)).ToList();
        var first = await _store.BegunAsync();
        Assert.Single(first.Users);
        Assert.DoesNotContain(all, t => t.IsCompleted);

        first.Done.SetResult();
        await all[0].WaitAsync(Patience);
        var second = await _store.BegunAsync();
        Assert.Equal(999, second.Users.Count);
        Assert.DoesNotContain(all.Skip(1), t => t.IsCompleted);

        second.Done.SetResult();
        await Task.WhenAll(all).WaitAsync(Patience);
        Assert.All(Enumerable.Range(0, 1000), i => Assert.True(NoteAsync(i).IsCompleted));
    }

    [Fact]
    public async Task What_could_not_be_stored_keeps_nobody_out_and_is_written_when_it_comes_again()
    {
        var note = NoteAsync(1);
        (await _store.BegunAsync()).Done.SetException(new IOException("The disk is full."));
        await note.WaitAsync(Patience);

        note = NoteAsync(1);
        (await _store.BegunAsync()).Done.SetResult();
        await note.WaitAsync(Patience);
        Assert.True(NoteAsync(1).IsCompleted);
    }

    [Fact]
    public void An_id_that_no_account_can_get_is_not_written()
    {
        Assert.True(NoteAsync(-1).IsCompleted);
        Assert.False(NoteAsync(0).IsCompleted);
    }

    [Fact]
    public void Ids_of_guests_are_not_written_however_many_come()
    {
        for (var i = 0; i < 100_000; i++)
            Assert.True(NoteAsync(Ids.FirstGuest - Account.FirstId + i).IsCompleted);
        Assert.True(NoteAsync(Ids.Max - Account.FirstId).IsCompleted);
        Assert.False(NoteAsync(Ids.FirstGuest - 1 - Account.FirstId).IsCompleted);
    }

    private Task NoteAsync(long index) => _table.NoteAsync(new UserKey(1, Account.FirstId + index)).AsTask();

    private sealed record Write(IReadOnlyCollection<UserKey> Users)
    {
        public TaskCompletionSource Done { get; } = new();
    }

    private sealed class Store : IUsedIdStore, IDisposable
    {
        private readonly ConcurrentQueue<Write> _writes = new();
        private readonly SemaphoreSlim _begun = new(0);

        public ValueTask<bool> HasAsync(long appId, long userId) => throw new NotSupportedException();

        public Task AddAsync(IReadOnlyCollection<UserKey> users, CancellationToken cancellationToken)
        {
            var write = new Write(users);
            _writes.Enqueue(write);
            _begun.Release();
            return write.Done.Task;
        }

        /// <summary>The next write, when it has begun.</summary>
        public async Task<Write> BegunAsync()
        {
            Assert.True(await _begun.WaitAsync(Patience));
            Assert.True(_writes.TryDequeue(out var write));
            return write;
        }

        public void Dispose() => _begun.Dispose();
    }
}
