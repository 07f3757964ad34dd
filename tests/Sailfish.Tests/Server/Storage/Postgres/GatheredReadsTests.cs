using Sailfish.Server.Storage.Postgres;

namespace Sailfish.Tests.Server.Storage.Postgres;

public sealed class GatheredReadsTests
{
    private readonly List<string> _reads = [];
    private readonly Queue<TaskCompletionSource> _goOn = new();
    private readonly GatheredReads<int, string> _gathered;
    private Exception? _failure;

    public GatheredReadsTests() => _gathered = new GatheredReads<int, string>(ReadAsync);

    [Fact]
    public async Task What_is_asked_for_while_another_read_is_under_way_is_read_together_after_it()
    {
        var first = FindAsync(1);
        var others = new[] { FindAsync(2), FindAsync(1), FindAsync(3), FindAsync(2) };
        Assert.Equal(["1"], _reads);
        GoOn();
        Assert.Equal("row 1", await first);
        await Wait.UntilAsync(() => _reads.Count == 2);
        Assert.Equal("2 1 3", _reads[1]);
        Assert.DoesNotContain(others, task => task.IsCompleted);
        GoOn();
        Assert.Equal(["row 2", "row 1", "row 3", "row 2"], (await Task.WhenAll(others)).AsEnumerable());
        Assert.Equal("row 4", await NextAsync(4));
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        Assert.Null(await NextAsync(-1));
    }

    [Fact]
    public async Task A_read_that_fails_fails_for_those_who_asked_for_it_alone()
    {
        var first = FindAsync(1);
        var second = FindAsync(2);
        _failure = new TimeZoneNotFoundException();
        GoOn();
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => first);
        await Wait.UntilAsync(() => _reads.Count == 2);
        _failure = null;
        GoOn();
        Assert.Equal("row 2", await second);
    }

    [Fact]
    public async Task One_read_has_no_more_keys_than_a_statement_should()
    {
        var first = FindAsync(0);
        var others = Enumerable.Range(1, 2500).Select(FindAsync).ToList();
        GoOn();
        await first;
        for (var read = 2; read <= 4; read++)
        {
            await Wait.UntilAsync(() => _reads.Count == read);
            GoOn();
        }

        Assert.Equal(Enumerable.Range(1, 2500).Select(key => $"row {key}"), await Task.WhenAll(others));
        Assert.Equal([1000, 1000, 500], _reads.Skip(1).Select(keys => keys.Split(' ').Length));
    }

    [Fact]
    public async Task Who_gives_up_waits_no_longer()
    {
        using var givingUp = new CancellationTokenSource();
        var first = _gathered.FindAsync(1, givingUp.Token);
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        GoOn();
        Assert.Equal("row 2", await NextAsync(2));
    }

    private Task<string?> FindAsync(int key) => _gathered.FindAsync(key, CancellationToken.None);

    /// <summary>A read that nothing holds.</summary>
    private async Task<string?> NextAsync(int key)
    {
        var reads = _reads.Count;
        var found = FindAsync(key);
        await Wait.UntilAsync(() => _reads.Count > reads);
        GoOn();
        return await found;
    }

    private void GoOn() => _goOn.Dequeue().SetResult();

    private async Task<IReadOnlyDictionary<int, string>> ReadAsync(IReadOnlyCollection<int> keys)
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _goOn.Enqueue(goOn);
        _reads.Add(string.Join(' ', keys));
        await goOn.Task;
        return _failure is null ? keys.Where(key => key >= 0).ToDictionary(key => key, key => $"row {key}") : throw _failure;
    }
}
