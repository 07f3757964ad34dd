using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Wrong passwords in a table, so that whoever guesses has no more tries on many nodes than on one. The row of all addresses
/// comes first, then the one who tries: in this order they are locked, and nobody waits in a circle.
/// </summary>
internal sealed class PostgresLockout(PostgresDatabase database, IOptions<AccountOptions> options, TimeProvider time) : ILockout
{
    /// <summary>Locks the rows, which are made where there are none. What has run out counts no more.</summary>
    private const string Take =
        """
        INSERT INTO lockout AS l (name, source, attempts, since) SELECT $1, source, 0, $3 FROM unnest($2) WITH ORDINALITY AS t(source, n) ORDER BY n
        ON CONFLICT (name, source) DO UPDATE SET attempts = CASE WHEN l.since <= CASE l.source WHEN '' THEN $5 ELSE $4 END THEN 0 ELSE l.attempts END
        RETURNING source, attempts, since
        """;

    private const string Count = "UPDATE lockout SET attempts = attempts + 1, since = greatest(since, $3) WHERE name = $1 AND source = ANY($2)";
    private const string GiveBack = "UPDATE lockout SET attempts = attempts - 1 WHERE name = $1 AND source = $2 AND attempts > 0";
    private const string Remove = "DELETE FROM lockout WHERE name = $1 AND source = $2";

    public async ValueTask<LockoutAttempt> BeginAsync(string name, string? device, string address)
    {
        var source = device ?? address;
        var wait = await database.WriteAsync(connection => BeginAsync(connection, name, device is null ? [Lockout.All, source] : [source]));
        return new LockoutAttempt(name, source, IsCountedForAll: wait is null && device is null, wait);
    }

    public async ValueTask SucceededAsync(LockoutAttempt attempt) => await GiveBackAsync(attempt, Remove);

    public async ValueTask CancelledAsync(LockoutAttempt attempt) => await GiveBackAsync(attempt, GiveBack);

    /// <summary>Deletes what has run out.</summary>
    public Task RemoveOldAsync(CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.ExecuteAsync("DELETE FROM lockout WHERE since <= $1", Now() - LifeOf(Lockout.All)), cancellationToken);

    /// <summary>Counts an attempt, or gives how long there is to wait before one.</summary>
    private async Task<TimeSpan?> BeginAsync(NpgsqlConnection connection, string name, string[] sources)
    {
        var now = Now();
        var rows = await connection.ListAsync(
            row => (Source: row.GetString(0), Attempts: row.GetInt32(1), Since: row.GetInt64(2)),
            Take, name, sources, now, now - LifeOf(sources[^1]), now - LifeOf(Lockout.All));
        // Who tries too often hears of his own lock first.
        foreach (var (source, attempts, since) in rows.Reverse())
        {
            if (attempts >= options.Value.MaxFailures * FactorOf(source))
                return TimeSpan.FromMilliseconds(since + LifeOf(source) - now);
        }

        await connection.ExecuteAsync(Count, name, sources, now);
        return null;
    }

    private Task GiveBackAsync(LockoutAttempt attempt, string own) => database.WriteAsync(async connection =>
    {
        if (attempt.IsCountedForAll)
            await connection.ExecuteAsync(GiveBack, attempt.Name, Lockout.All);
        await connection.ExecuteAsync(own, attempt.Name, attempt.Source);
    });

    /// <summary>Milliseconds.</summary>
    private long LifeOf(string source) => options.Value.LockSeconds * 1000L * FactorOf(source);

    private static int FactorOf(string source) => source == Lockout.All ? Lockout.AllFactor : 1;

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
