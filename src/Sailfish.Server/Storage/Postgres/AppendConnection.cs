using System.Data;
using System.Text;
using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The connection that appends, with its statements prepared. One append at a time; what it brought stays here until the next.
/// Nothing of it is ever cancelled: a COMMIT that is cancelled while it waits for the standby looks like one that succeeded.
/// </summary>
internal sealed class AppendConnection : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly bool _appendsOneAlone;
    private readonly AppendCommands _many;
    private readonly AppendCommands _one;
    private readonly List<AppendRow> _rows = [];
    private readonly AppendRoutes _routes = new();

    /// <summary>Of the append under way.</summary>
    private readonly CommitWatch _commit;

    private AppendConnection(NpgsqlConnection connection, bool appendsOneAlone)
    {
        _appendsOneAlone = appendsOneAlone;
        _connection = connection;
        _commit = new CommitWatch(connection);
        _many = new AppendCommands(connection, new AppendManyValues());
        _one = new AppendCommands(connection, new AppendOneValues());
    }

    /// <summary>The places of the last append.</summary>
    public IReadOnlyList<AppendRow> Rows => _rows;

    /// <summary>Where its receivers are; null when that could not be read.</summary>
    public AppendRoutes? Routes { get; private set; }

    public bool IsOpen => _connection.State == ConnectionState.Open;

    /// <param name="connection">Not open. It is disposed of with this.</param>
    /// <param name="appendsOneAlone">By the statements for one, where a batch has no more.</param>
    public static async Task<AppendConnection> OpenAsync(NpgsqlConnection connection, bool appendsOneAlone = true)
    {
        try
        {
            await connection.OpenAsync();
            var opened = new AppendConnection(connection, appendsOneAlone);
            await opened._many.Batch.PrepareAsync();
            await opened._one.Batch.PrepareAsync();
            return opened;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries to append a batch, in the name of a node.</summary>
    public async Task<AppendAnswer> RunAsync(AppendBatch batch, long node)
    {
        var commands = CommandsFor(batch);
        commands.Set(batch, node);
        try
        {
            var isAlive = await ReadAsync(commands);
            return _commit.IsInDoubt ? new(AppendOutcome.Unknown) : new(isAlive ? AppendOutcome.Stored : AppendOutcome.NoLease);
        }
        catch (PostgresException failure) when (failure.BatchCommand is { } failed && failed == commands.Routes && !_commit.IsInDoubt)
        {
            // Committed all the same.
            Routes = null;
            return new(AppendOutcome.Stored, failure);
        }
        catch (PostgresException failure) when (failure.BatchCommand is { } failed && failed != commands.Commit && failed != commands.Routes && failure.InvariantSeverity == "ERROR")
        {
            await RollBackAsync();
            return new(OutcomeOf(failure), failure);
        }
        catch (EncoderFallbackException failure)
        {
            // Half a character: the COMMIT behind it was not sent.
            return new(AppendOutcome.Refused, failure);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or InvalidOperationException)
        {
            // Whatever it is about, the next try begins anew.
            await _connection.CloseAsync();
            return new(AppendOutcome.Unknown, failure);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private AppendCommands CommandsFor(AppendBatch batch)
    {
        var also = batch.IsFinished ? batch.Jobs[^1].Also : null;
        if (also is not null)
            return new AppendCommands(_connection, new AppendManyValues(), also);
        return _appendsOneAlone && batch.Sent.Count == 1 ? _one : _many;
    }

    private static AppendOutcome OutcomeOf(PostgresException failure) => failure switch
    {
        // Two nodes stored one key at the same time, in a conversation that was new to both.
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "message_key" } => AppendOutcome.InTheWay,
        { SqlState: PostgresErrorCodes.QueryCanceled } => AppendOutcome.InTheWay,
        _ when PostgresFailures.IsInTheWay(failure) => AppendOutcome.InTheWay,
        _ when PostgresFailures.IsOfValues(failure) => AppendOutcome.Refused,
        _ => AppendOutcome.NotNow,
    };

    /// <summary>True when the lease held.</summary>
    private async Task<bool> ReadAsync(AppendCommands commands)
    {
        _rows.Clear();
        _routes.Clear();
        _commit.Begin();
        Routes = _routes;
        var isAlive = false;
        await using var reader = await commands.Batch.ExecuteReaderAsync();
        // The first result says how many conversations were locked.
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            if (reader.GetInt64(0) == 0)
                isAlive = true;
            else
                _rows.Add(ToRow(reader));
        }

        // What was added to the transaction gives no rows, nor does the COMMIT.
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
            _routes.Add(reader);
        return isAlive;
    }

    private static AppendRow ToRow(NpgsqlDataReader row) => new(
        (int)row.GetInt64(0), row.GetInt64(1), row.GetInt64(2),
        row.IsDBNull(3) ? null : new EarlierMessage(row.GetInt64(3), row.GetInt32(4), row.GetString(5)));

    private async Task RollBackAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand(AppendSql.Rollback, _connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The connection is lost, and the transaction with it: what failed is not stored.
            await _connection.CloseAsync();
        }
    }
}
