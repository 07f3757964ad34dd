using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Living;

namespace Sailfish.Tests.Server.Living;

/// <summary>What a node has in memory of covers, and when it asks the store.</summary>
public sealed class CoverTableTests
{
    private const long Room = LivingRoom.FirstId;
    private const int Size = 200 * 1024;

    private readonly FakeStore _store = new();
    private readonly CoverTable _covers;

    public CoverTableTests() => _covers = new CoverTable(_store, new PathBase(Options.Create(new HttpOptions { PathBase = "/chat/" })));

    [Fact]
    public async Task A_cover_that_another_node_changed_is_shown_after_the_next_look()
    {
        await SaveAsync(Of(1));
        await _store.SaveAsync(Room, Of(2), isChosen: true);
        Assert.Equal(Of(1).Name, (await FindAsync())!.Name);
        await _covers.RefreshAsync(CancellationToken.None);
        Assert.Equal((Of(2).Name, true, $"/chat/live/{Room}.jpg"), ((await FindAsync())!.Name, _covers.IsChosen(Room), _covers.PathOf(Room)));
        _store.Covers.Clear();
        await _covers.RefreshAsync(CancellationToken.None);
        Assert.Null(await FindAsync());
        Assert.Equal("", _covers.PathOf(Room));
    }

    [Fact]
    public async Task What_was_read_before_a_cover_changed_here_does_not_take_its_place()
    {
        await SaveAsync(Of(1));
        _store.Gate = new TaskCompletionSource();
        var look = _covers.RefreshAsync(CancellationToken.None);
        await SaveAsync(Of(2));
        _store.Gate.SetResult();
        await look;
        Assert.Equal(Of(2).Name, (await FindAsync())!.Name);
    }

    [Fact]
    public async Task What_is_looked_at_is_read_once_as_long_as_it_fits()
    {
        await _store.SaveAsync(Room, Of(1), isChosen: false);
        await _covers.RefreshAsync(CancellationToken.None);
        for (var i = 0; i < 3; i++)
            Assert.Equal(Of(1).Content, (await FindAsync())!.Content);
        Assert.Equal(1, _store.Reads);
        // Two hundred of these are more than what is remembered.
        for (var other = 2; other < 202; other++)
            Assert.True(await _covers.ChangeAsync(Room + other, Of(other, Size), isChosen: false));
        await FindAsync();
        Assert.Equal(2, _store.Reads);
        // One that is replaced takes no place: hundreds, one after the other, throw nothing out.
        for (var next = 0; next < 400; next++)
            Assert.True(await _covers.ChangeAsync(Room + 1, Of(next, Size), isChosen: false));
        await FindAsync();
        Assert.Equal(2, _store.Reads);
    }

    [Fact]
    public async Task A_chosen_cover_that_is_let_go_is_chosen_no_more()
    {
        Assert.True(await _covers.ChangeAsync(Room, Of(1), isChosen: true));
        Assert.True(_covers.IsChosen(Room));
        Assert.False(await _covers.ChangeAsync(Room, Of(2), isChosen: false));
        Assert.Equal(Of(1).Name, (await FindAsync())!.Name);
        await _covers.LetGoAsync(Room);
        await _covers.LetGoAsync(Room + 1);
        Assert.False(_covers.IsChosen(Room));
        Assert.True(await _covers.ChangeAsync(Room, Of(2), isChosen: false));
    }

    private static Cover Of(int number, int length = 8) => Cover.Of([.. BitConverter.GetBytes(number), .. new byte[length - sizeof(int)]]);

    private async Task SaveAsync(Cover cover) => Assert.True(await _covers.ChangeAsync(Room, cover, isChosen: false));

    private ValueTask<Cover?> FindAsync() => _covers.FindAsync(Room, CancellationToken.None);

    private sealed class FakeStore : ICoverStore
    {
        public Dictionary<long, (Cover Cover, bool IsChosen)> Covers { get; } = [];

        public int Reads { get; private set; }

        /// <summary>What was read of all is given when this is done.</summary>
        public TaskCompletionSource? Gate { get; set; }

        public Task<bool> SaveAsync(long roomId, Cover cover, bool isChosen)
        {
            if (!isChosen && Covers.TryGetValue(roomId, out var before) && before.IsChosen)
                return Task.FromResult(false);
            Covers[roomId] = (cover, isChosen);
            return Task.FromResult(true);
        }

        public Task LetGoAsync(long roomId)
        {
            if (Covers.TryGetValue(roomId, out var cover))
                Covers[roomId] = (cover.Cover, false);
            return Task.CompletedTask;
        }

        public ValueTask<Cover?> FindAsync(long roomId, CancellationToken cancellationToken)
        {
            Reads++;
            return new(Covers.TryGetValue(roomId, out var cover) ? cover.Cover : null);
        }

        public async ValueTask<IReadOnlyList<CoverHead>> ListAsync(CancellationToken cancellationToken)
        {
            CoverHead[] heads = [.. Covers.Select(c => new CoverHead(c.Key, c.Value.Cover.Name, c.Value.IsChosen))];
            if (Gate is { } gate)
                await gate.Task;
            return heads;
        }
    }
}
