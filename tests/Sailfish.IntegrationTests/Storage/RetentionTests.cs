using Sailfish.Server.Storage;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What age takes, whatever the clock said when it came.</summary>
public sealed class RetentionTests
{
    private const string Now = "unixepoch() * 1000";

    [Fact]
    public async Task A_clock_that_was_ahead_does_not_keep_what_came_behind_it()
    {
        using var parts = await StartAsync();
        Add(parts, 600, $"{Now} + 365 * 86400000");
        Add(parts, 1400, $"{Now} - 10 * 86400000");
        Add(parts, 700, Now);
        Assert.Equal(1400, await parts.Retention.RunOnceAsync(CancellationToken.None));
        Assert.Equal(1300, parts.Sql<long>("SELECT count(*) FROM message"));
        Assert.Equal(0, await parts.Retention.RunOnceAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_few_old_messages_right_behind_those_of_a_clock_that_was_ahead_go_too()
    {
        using var parts = await StartAsync();
        Add(parts, 600, $"{Now} + 365 * 86400000");
        Add(parts, 20, $"{Now} - 10 * 86400000");
        // So many that a look here and there would not meet them.
        Add(parts, 20_000, Now);
        Assert.Equal(20, await parts.Retention.RunOnceAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Old_messages_behind_many_young_ones_go_too()
    {
        using var parts = await StartAsync();
        Add(parts, 5000, Now);
        Add(parts, 2000, $"{Now} - 10 * 86400000");
        Add(parts, 5000, Now);
        Assert.Equal(2000, await parts.Retention.RunOnceAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Of_what_the_content_check_found_the_old_goes_and_no_more_than_so_much_stays()
    {
        using var parts = await StartAsync();
        AddRecords(parts, 700, $"{Now} - 10 * 86400000");
        AddRecords(parts, 100_300, Now);
        await parts.Retention.RunOnceAsync(CancellationToken.None);
        Assert.Equal(100_000, parts.Sql<long>("SELECT count(*) FROM risk_record"));
        Assert.Equal(101_000, parts.Sql<long>("SELECT max(id) FROM risk_record"));
    }

    private static async Task<LogParts> StartAsync()
    {
        var parts = new LogParts(new StorageOptions { RetentionDays = 1 });
        await parts.Writer.StartAsync(CancellationToken.None);
        return parts;
    }

    private static void Add(LogParts parts, int count, string stamp) => parts.Sql(
        $"""
        INSERT OR IGNORE INTO conversation (id, app_id, kind, low, high) VALUES (1, 1, 0, 10001, 10002);
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})
        INSERT INTO message (conversation_id, seq, app_id, sender_id, biz_code, data, created_at)
        SELECT 1, n + (SELECT last_seq FROM conversation), 1, 10001, 5555, 'x', {stamp} FROM number;
        UPDATE conversation SET last_seq = last_seq + {count};
        """);

    private static void AddRecords(LogParts parts, int count, string stamp) => parts.Sql(
        $"""
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})
        INSERT INTO risk_record (app_id, user_id, conversation, action, word, content, created_at)
        SELECT 1, 10001, 'r:7', 'refused', 'x', 'x', {stamp} FROM number;
        """);
}
