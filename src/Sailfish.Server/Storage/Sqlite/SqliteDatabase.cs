using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Hosting;
using Sailfish.Server.Text;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>The SQLite file: WAL, so that readers never wait for the writer; FULL, so that a commit is on disk.</summary>
internal sealed class SqliteDatabase
{
    public const string FileName = "sailfish.db";

    /// <summary>Of the connection that writes.</summary>
    public const string WriterSettings =
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768;";

    /// <summary>Of SQLite, as it comes; a database is never made with another.</summary>
    public const int PageSize = 4096;

    /// <summary>The migration that gives names their keys.</summary>
    private const long NameKeys = 4;

    private readonly string _connectionString;
    private readonly int _maxSizeMiB;
    private readonly ILogger _logger;

    public SqliteDatabase(IOptions<ServerOptions> server, IOptions<StorageOptions> storage, ILogger<SqliteDatabase> logger)
    {
        _logger = logger;
        Path = System.IO.Path.Combine(DataFolder.Make(server.Value), FileName);
        _maxSizeMiB = storage.Value.MaxSizeMiB;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = Path, DefaultTimeout = 10 }.ToString();
        try
        {
            Migrate();
            Generation = NextGeneration();
        }
        catch (SqliteException problem)
        {
            throw new ConfigurationException($"The database {Path} cannot be opened: {problem.Message}");
        }
    }

    public string Path { get; }

    /// <summary>Which start on this database it is: higher than those before.</summary>
    public long Generation { get; }

    /// <summary>Who wants to read passes here first.</summary>
    public ReaderGate Readers { get; } = new();

    /// <summary>A connection of the pool for a short read, in a thread that may wait for the disk.</summary>
    public SqliteConnection OpenReader() => Open(_connectionString);

    /// <summary>The same for whoever may be called by a socket's event: goes on in a thread of the pool.</summary>
    public async ValueTask<SqliteConnection> OpenReaderAsync()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await Readers.WaitAsync();
        return OpenReader();
    }

    /// <summary>A connection whose settings nobody else gets.</summary>
    public SqliteConnection OpenUnpooled() => Open(new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString());

    /// <summary>The one connection that writes.</summary>
    public SqliteConnection OpenWriter()
    {
        var connection = Open(_connectionString);
        connection.Execute(WriterSettings);
        if (_maxSizeMiB > 0)
        {
            var pages = _maxSizeMiB * 1024L * 1024 / PageSize;
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages};"));
        }

        return connection;
    }

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }

    private void Migrate()
    {
        using var connection = Open(_connectionString);
        connection.Execute("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY);");
        connection.CreateFunction("sailfish_name_key", (string name) => NameKey.Of(name), isDeterministic: true);
        connection.CreateFunction("sailfish_looks", (string name) => JsonSerializer.Serialize(Looks.Of(name)), isDeterministic: true);
        var done = connection.Query<long>("SELECT number FROM migration").ToHashSet();
        Schema.RefuseNewer(Path, done);
        foreach (var (number, sql) in Schema.Migrations.Where(m => !done.Contains(m.Number)))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(sql, transaction: transaction);
            connection.Execute("INSERT INTO migration (number) VALUES (@number)", new { number }, transaction);
            transaction.Commit();
        }

        if (!done.Contains(NameKeys))
            TellNamesWithoutKey(connection);
    }

    private long NextGeneration()
    {
        using var connection = Open(_connectionString);
        return connection.ExecuteScalar<long>("UPDATE node SET generation = generation + 1 RETURNING generation");
    }

    /// <summary>The ids and not the names: a log is read by more people than the accounts are.</summary>
    private void TellNamesWithoutKey(SqliteConnection connection)
    {
        foreach (var id in connection.Query<long>("SELECT id FROM account WHERE name_key IS NULL ORDER BY id"))
            StorageLog.NameWithoutKey(_logger, id);
    }
}
