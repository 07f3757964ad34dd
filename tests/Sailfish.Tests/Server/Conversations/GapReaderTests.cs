using Sailfish.Server.Conversations;

namespace Sailfish.Tests.Server.Conversations;

public sealed class GapReaderTests
{
    private static readonly ConversationKey Key = ConversationKey.Room(1, 7);

    private readonly FakeHistory _history = new();

    [Fact]
    public async Task A_page_says_up_to_where_nothing_is_missing_any_more()
    {
        Append(250);
        using GapReader gaps = new(_history, TimeProvider.System);
        Assert.Equal((100, 150L), Describe(await gaps.ReadAsync(Key, 50, 200)));
        Assert.Equal((50, 200L), Describe(await gaps.ReadAsync(Key, 150, 200)));
        _history.TakeUpTo(Key, 120);
        Assert.Equal((30, 150L), Describe(await gaps.ReadAsync(Key, 50, 150)));
        Assert.Equal((0, 110L), Describe(await gaps.ReadAsync(Key, 50, 110)));
        _history.TakeUpTo(Key, 250);
        Assert.Equal((0, 200L), Describe(await gaps.ReadAsync(Key, 50, 200)));
    }

    [Fact]
    public async Task A_log_that_fails_is_asked_again()
    {
        Append(1);
        _history.IsAway = true;
        using GapReader gaps = new(_history, TimeProvider.System);
        var read = gaps.ReadAsync(Key, 0, 1);
        await Wait.UntilAsync(() => _history.Reads >= 2);
        _history.IsAway = false;
        Assert.Equal((1, 1L), Describe(await read));
    }

    [Fact]
    public async Task A_log_that_fails_or_hangs_for_too_long_is_given_up()
    {
        Append(1);
        using GapReader gaps = new(_history, TimeProvider.System) { Patience = TimeSpan.FromMilliseconds(300) };
        _history.IsAway = true;
        var failed = await Assert.ThrowsAsync<TimeoutException>(() => gaps.ReadAsync(Key, 0, 1));
        Assert.IsType<IOException>(failed.InnerException);
        Assert.InRange(_history.Reads, 2, 4);

        _history.Gate = new TaskCompletionSource().Task;
        await Assert.ThrowsAsync<TimeoutException>(() => gaps.ReadAsync(Key, 0, 1));
    }

    [Fact]
    public async Task No_more_than_64_read_at_once()
    {
        Append(1);
        using GapReader gaps = new(_history, TimeProvider.System);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _history.Gate = gate.Task;
        var reads = Enumerable.Range(0, 200).Select(_ => gaps.ReadAsync(Key, 0, 1)).ToList();
        await Wait.UntilAsync(() => _history.Reads == 64);
        gate.SetResult();
        Assert.All(await Task.WhenAll(reads), page => Assert.Single(page.Messages));
        Assert.Equal((200, 64), (_history.Reads, _history.MostReading));
    }

    private static (int Count, long UpTo) Describe(GapPage page) => (page.Messages.Count, page.UpTo);

    private void Append(int count)
    {
        for (var i = 0; i < count; i++)
            _history.Append(Key);
    }
}
