using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Hosting;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What the stores of a node do while their PostgreSQL is away, and when it is back.</summary>
public sealed class PostgresStoreFaultTests : IAsyncLifetime
{
    private const string Home = "192.0.2.1";
    private PostgresServer? _server;
    private PostgresParts? _parts;

    private PostgresServer Server => _server!;

    private PostgresDatabase Database => _parts!.Database;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(fsync: true);
        await Server.CreateDatabaseAsync("sailfish");
        _parts = await PostgresParts.StartAsync(Server.ConnectionString("sailfish"), new Completions());
    }

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_the_content_check_finds_while_the_database_is_away_is_stored_when_it_is_back()
    {
        using var risks = new PostgresRiskRecords(Database, Options.Create(new StorageOptions()), TimeProvider.System, NullLogger<PostgresRiskRecords>.Instance);
        await risks.StartAsync(CancellationToken.None);
        await AddAsync("before");
        await WaitForAsync("before");
        await Server.KillAsync();
        await AddAsync("one");
        await AddAsync("two");
        await Server.StartAgainAsync();
        await WaitForAsync("before one two");
        await risks.StopAsync(CancellationToken.None);

        ValueTask AddAsync(string word) => risks.AddAsync(new RiskRecord(1, 10_001, "r:7", "refused", word, word, 1), CancellationToken.None);
    }

    [Fact]
    public async Task Nobody_guesses_a_password_while_nobody_counts_and_what_is_stored_outlives_a_crash()
    {
        var lockout = new PostgresLockout(Database, Options.Create(new AccountOptions()), TimeProvider.System);
        var accounts = new PostgresAccountStore(Database);
        var account = await accounts.CreateAsync(1, "anna", "hash", "Anna", 1);
        Assert.Null((await lockout.BeginAsync("anna", null, Home)).Wait);
        await Server.KillAsync();
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => lockout.BeginAsync("anna", null, Home).AsTask());
        await Server.StartAgainAsync();
        await Wait.UntilAsync(async () => await Record.ExceptionAsync(() => lockout.BeginAsync("anna", null, Home).AsTask()) is null, "attempts to be counted again");
        Assert.Equal(account, await accounts.FindAsync("anna", CancellationToken.None));
    }

    [Fact]
    public async Task What_is_on_no_standby_is_told_as_a_failure()
    {
        await Server.SqlAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await Server.SqlAsync("SELECT pg_reload_conf()");
        await Wait.UntilAsync(async () => await Server.SqlAsync("SHOW synchronous_standby_names") == "nobody", "the setting");
        var tags = new PostgresTagStore(Database);
        var tagging = tags.AddAsync(1, 10_001, "vip", CancellationToken.None);
        await CancelAsync();
        await Assert.ThrowsAsync<NpgsqlException>(() => tagging);
        // Nor does a node begin with a generation that may come again.
        var beginning = Task.Run(() => new PostgresNode(Database, TimeProvider.System));
        await CancelAsync();
        await Assert.ThrowsAsync<ConfigurationException>(() => beginning);
        await Server.SqlAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await Server.SqlAsync("SELECT pg_reload_conf()");
        await tags.AddAsync(1, 10_001, "vip", CancellationToken.None);

        // As the pool does with what takes too long.
        Task CancelAsync() => Wait.UntilAsync(
            async () => (await Server.SqlAsync("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")).Contains('t', StringComparison.Ordinal),
            "somebody to wait for the standby");
    }

    /// <summary>Until these words are stored. Connections from before a crash fail once.</summary>
    private Task WaitForAsync(string words) => Wait.UntilAsync(
        async () =>
        {
            IReadOnlyList<string> stored = [];
            var failure = await Record.ExceptionAsync(async () => stored = await Database.ReadAsync(
                connection => connection.ListAsync(row => row.GetString(0), "SELECT word FROM risk_record ORDER BY id")));
            return failure is null && string.Join(' ', stored) == words;
        },
        $"'{words}' to be stored");
}
