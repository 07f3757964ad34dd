using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The empty database of a cluster, which gets everything in one transaction: all of it is there when <see cref="Commit"/> has
/// ended, and nothing before. Nodes that start meanwhile wait, as for one that makes the tables.
/// </summary>
internal sealed class MoveTarget : IDisposable
{
    /// <summary>Filled here, and by no table of the source.</summary>
    private const string Avatars = "avatar";
    private const string CookieKeys = "cookie_key";
    private const string Apps = "app";
    private static readonly string[] FromFiles = [Avatars, CookieKeys, Apps];

    /// <summary>Connections and events of the nodes go on above what was given before: starts of the cluster, and eras of its events.</summary>
    private const string RaiseNumbers =
        """
        SELECT setval('node_generation', greatest($1, (SELECT last_value FROM node_generation))),
               setval('era_number', greatest(($1 + 1) << $2, (SELECT last_value FROM era_number)))
        """;

    /// <summary>An event's number begins with its era from the 32nd bit on, and in a single server with its start from the 40th on.</summary>
    private const int EraBits = NodeNumbers.CounterBits - 32;

    /// <summary>Rows get their ids by themselves there; the next ones come behind those that were moved.</summary>
    private static readonly string[] Numbered = ["conversation", "risk_record"];

    private readonly IReadOnlyList<string> _tables;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly TableCopy _copy;

    /// <param name="settings">Which database.</param>
    /// <param name="tables">Those that get what the source has in tables.</param>
    /// <exception cref="ConfigurationException">It cannot be used, or is somebody's.</exception>
    public MoveTarget(ClusterOptions settings, IEnumerable<string> tables)
    {
        _tables = [.. tables, .. FromFiles];
        _connection = new NpgsqlConnection(PostgresSettings.ForMigrations(settings));
        _copy = new TableCopy(_connection);
        try
        {
            // The lock that it takes is held as long as the connection.
            PostgresMigrations.Run(_connection, settings.Name, NullLogger.Instance);
            _transaction = _connection.BeginTransaction();
            Prepare();
        }
        catch (NpgsqlException problem)
        {
            _connection.Dispose();
            throw new ConfigurationException($"The database of Sailfish:Cluster:Database cannot be used: {PostgresFailures.Explain(problem)}");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>For people, without secrets.</summary>
    public string Name => $"{_connection.Database} on {_connection.Host}";

    /// <summary>Texts that could not be taken as they were.</summary>
    public long ReplacedTexts => _copy.Replaced;

    /// <summary>The database's time, in milliseconds since 1970.</summary>
    public long Now() => Ask(() => _connection.List(row => row.GetInt64(0), "SELECT (extract(epoch FROM now()) * 1000)::bigint")[0]);

    /// <summary>Gives how many rows it wrote.</summary>
    public long Write(MovedTable table, DbDataReader rows) => Ask(() => _copy.Write(table.Name, rows));

    public void AddPicture(long accountId, string name, byte[] content) => Ask(() =>
        _connection.Execute($"INSERT INTO {Avatars} (name, account_id, content) VALUES ($1, $2, $3)", name, accountId, content));

    public void AddCookieKey(string name, string content) => Ask(() =>
        _connection.Execute($"INSERT INTO {CookieKeys} (name, content) VALUES ($1, $2)", name, content));

    /// <param name="app">What it is.</param>
    /// <param name="place">The first is the page's.</param>
    public void AddApp(AppConfig app, int place) => Ask(() => _connection.Execute(
        $"INSERT INTO {Apps} (app_id, place, name, token_secret, api_key) VALUES ($1, $2, $3, $4, $5)", app.AppId, place, app.Name, app.TokenSecret, app.ApiKey));

    /// <summary>When all is written: what is given from now on comes behind it, and the database knows what it has.</summary>
    /// <param name="generation">Of the source's last start.</param>
    public void GoOnBehind(long generation) => Ask(() =>
    {
        _connection.Execute(RaiseNumbers, generation, EraBits);
        foreach (var table in Numbered)
            _connection.Execute($"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table}");
        return _connection.Execute($"ANALYZE {string.Join(", ", _tables)}");
    });

    public long Count(MovedTable table) => Ask(() => _connection.List(row => row.GetInt64(0), $"SELECT count(*) FROM {table.Name}")[0]);

    /// <summary>Gives what <see cref="MoveCheck"/> compares to <paramref name="read"/>.</summary>
    public void ReadConversations(Action<DbDataReader> read) => Ask(() =>
    {
        using var command = _connection.Command(MoveCheck.Conversations);
        using var rows = command.ExecuteReader();
        read(rows);
        return 0;
    });

    public void Commit()
    {
        try
        {
            _transaction.Commit();
        }
        catch (NpgsqlException problem)
        {
            throw new ConfigurationException(
                $"It is not known whether all was moved or nothing, for the last answer of the database did not come: {PostgresFailures.Explain(problem)} Try it again: a database that has everything is refused as filled.");
        }
    }

    /// <summary>What was not committed is not there.</summary>
    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private void Prepare()
    {
        // Whatever the database or the user is set to.
        _connection.Execute("SET LOCAL statement_timeout = 0");
        _connection.Execute("SET LOCAL idle_in_transaction_session_timeout = 0");
        // A node that has passed the other lock by now waits here with its first row, and finds what was moved.
        _connection.Execute("LOCK TABLE node IN SHARE ROW EXCLUSIVE MODE");
        if (HasRows("node"))
            throw new ConfigurationException("The database of Sailfish:Cluster:Database is a running cluster's, or was that of one whose nodes were killed. Name an empty one.");
        if (_tables.FirstOrDefault(HasRows) is { } filled)
            throw new ConfigurationException($"The database of Sailfish:Cluster:Database is not empty: its table {filled} has rows. Nothing is added to what is there; name an empty one.");
    }

    private bool HasRows(string table) => _connection.List(row => row.GetBoolean(0), $"SELECT EXISTS (SELECT FROM {table})")[0];

    private static T Ask<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (NpgsqlException problem)
        {
            throw new ConfigurationException($"The database of Sailfish:Cluster:Database failed, and has nothing of what was to be moved: {PostgresFailures.Explain(problem)}");
        }
    }
}
