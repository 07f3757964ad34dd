using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// What every store promises, whichever database is behind it. The suites speak to it through the server's interfaces
/// alone; each test has a database of its own.
/// </summary>
public abstract class StoreConformance : IAsyncLifetime
{
    internal const long App = 1;
    internal const long OtherApp = 2;
    internal const long Ann = 10_001;
    internal const long Bob = 10_002;
    internal const long Carol = 10_003;

    /// <summary>A time that needs its milliseconds.</summary>
    internal const long Time = 1_700_000_000_123;

    /// <summary>Callers at once.</summary>
    private protected const int Callers = 20;

    private IDatabaseUnderTest? _database;
    private IStores? _stores;

    /// <summary>What people write: other scripts, emoji, both directions, and what databases and languages have a use for.</summary>
    public static TheoryData<string> Texts =>
    [
        "plain",
        "你好，世界 𠮷野家 こんにちは 안녕하세요",
        "مرحبا \u200Fشلام\u200F, नमस्ते, สวัสดี, Ελλάδα, Привет",
        "👩\u200D👩\u200D👧 🏳\uFE0F\u200D🌈 🇨🇭 👍🏽",
        "e\u0301 is not \u00E9, \u212B is not \u00C5, ﬁ is not fi",
        "'; DROP TABLE message; -- \" \\ \\x00 \\u0000 % _ ? $1 @p :p {0} \r\n\t",
        "\u0001\u001F\u007F\u0085\uFEFF\uFFFD\uFFFF",
        " white space around \u3000",
    ];

    private protected Completions Completions { get; } = new();

    private protected IStores Stores => _stores ?? throw new InvalidOperationException("The stores are closed.");

    private protected static ConversationKey Direct { get; } = ConversationKey.Direct(App, Ann, Bob);

    /// <summary>The database that is tested, without anything in it.</summary>
    private protected abstract IDatabaseUnderTest NewDatabase();

    public async ValueTask InitializeAsync()
    {
        _database = NewDatabase();
        await OpenAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_stores is not null)
            await CloseAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    private protected static ConversationKey Room(long id, long appId = App) => ConversationKey.Room(appId, id);

    private protected async Task OpenAsync() => _stores = await _database!.OpenAsync(Completions);

    private protected async Task CloseAsync()
    {
        var stores = Stores;
        _stores = null;
        await stores.DisposeAsync();
        Assert.False(Completions.IsRepeated);
    }

    /// <summary>As a server that stops and starts: nothing but the database is left.</summary>
    private protected async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    /// <summary>Runs what is looked at, and once more after the stores were closed and opened again.</summary>
    private protected async Task NowAndAfterReopeningAsync(Func<Task> look)
    {
        await look();
        await ReopenAsync();
        await look();
    }

    private protected Task NowAndAfterReopeningAsync(Action look) => NowAndAfterReopeningAsync(() =>
    {
        look();
        return Task.CompletedTask;
    });

    /// <summary>Many calls, as many at once as there are callers.</summary>
    private protected static async Task InTurnsAsync(int count, Func<int, Task> call)
    {
        foreach (var turn in Enumerable.Range(0, count).Chunk(Callers))
            await Task.WhenAll(turn.Select(call)).WaitAsync(Wait.Limit);
    }

    /// <summary>Those and no others, in whatever order.</summary>
    private protected static void AssertSame<T>(IEnumerable<T> expected, IEnumerable<T> actual)
        where T : notnull =>
        Assert.Equal(Sorted(expected), Sorted(actual));

    /// <summary>Gives the message when the log has told of it.</summary>
    private protected async Task<Submission> AppendAsync(Submission message)
    {
        await Stores.Log.AppendAsync(message, CancellationToken.None);
        await message.WhenToldAsync();
        return message;
    }

    private protected Task<Submission> AppendAsync(ConversationKey conversation, long sender = Ann, string? id = null, string data = "{}") =>
        AppendAsync(TestMessage.Of(conversation, sender, id, data));

    /// <summary>One message of each sender, in this order; gives the conversation's row.</summary>
    private protected async Task<long> FillAsync(ConversationKey conversation, params long[] senders)
    {
        List<Submission> messages = [.. senders.Select(sender => TestMessage.Of(conversation, sender))];
        foreach (var message in messages)
            await Stores.Log.AppendAsync(message, CancellationToken.None);
        foreach (var message in messages)
            await message.WhenToldAsync();
        return messages[^1].Stored!.ConversationId;
    }

    private protected async Task<IReadOnlyList<StoredMessage>> ReadAllAsync(ConversationKey conversation)
    {
        var page = await Stores.History.ReadAsync(conversation, 0, int.MaxValue, int.MaxValue, CancellationToken.None);
        Assert.True(page.IsWhole);
        return page.Messages;
    }

    private protected Task SaveAsync(params TestPosition[] positions) => Stores.Positions.SaveAsync(positions, CancellationToken.None);

    /// <summary>A write that fails, and takes with it the transaction that it is in.</summary>
    private protected Task FailAsync() => Assert.ThrowsAsync<TimeZoneNotFoundException>(() => SaveAsync(TestPosition.Broken()));

    /// <summary>
    /// Hands over all of these, in this order, while the store is busy: one that writes many in one transaction does so with
    /// these.
    /// </summary>
    private protected async Task TogetherAsync(params Func<Task>[] steps)
    {
        List<Task> running;
        using (Stores.Hold())
            running = [.. steps.Select(step => step())];
        await Task.WhenAll(running).WaitAsync(Wait.Limit);
    }

    /// <summary>The same for messages.</summary>
    private protected Task AppendTogetherAsync(params Submission[] messages) => TogetherAsync([.. messages.Select(message => new Func<Task>(() => AppendAsync(message)))]);

    /// <summary>Does what a store may refuse.</summary>
    private protected static async Task TryAsync(Func<Task> step) => await Record.ExceptionAsync(step);

    /// <summary>Many callers, each in a thread of its own.</summary>
    private protected static Task<T[]> AtOnceAsync<T>(Func<int, Task<T>> call) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => call(caller)))).WaitAsync(Wait.Limit);

    private protected static Task AtOnceAsync(Func<int, Task> call) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => call(caller)))).WaitAsync(Wait.Limit);

    private static IEnumerable<T> Sorted<T>(IEnumerable<T> items)
        where T : notnull => items.OrderBy(item => item.ToString(), StringComparer.Ordinal);
}
