using System.Globalization;
using System.Reflection;
using Npgsql;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The numbered changes that make a database what this program works with. Several nodes start at once: one makes the changes,
/// the others wait. While versions are exchanged node by node, older programs go on with the tables of newer ones: a change
/// that they could not live with says so, in <c>schema_version.oldest_program</c>, a version after the last program that
/// needs what it takes away.
/// </summary>
internal static class PostgresMigrations
{
    /// <summary>"Sailfish": of the lock that belongs to nobody else in the database.</summary>
    private const long Lock = 0x5361696C66697368;

    /// <summary>Of the server, as it says it.</summary>
    private const int OldestServer = 15_00_00;
    private const string Folder = ".Storage.Postgres.Migrations.";

    /// <summary>In the order in which they are made.</summary>
    public static IReadOnlyList<(int Number, string Sql)> All { get; } = [.. Read()];

    /// <summary>Of this program: the last change that it knows.</summary>
    public static int Version => All[^1].Number;

    /// <summary>Brings the database to what this program works with.</summary>
    /// <exception cref="ConfigurationException">It is not one that this program can use.</exception>
    public static void Run(NpgsqlConnection connection, string clusterName, ILogger logger)
    {
        connection.Open();
        RefuseServer(connection);
        // Held until the connection is closed.
        Execute(connection, "SELECT pg_advisory_lock($1)", Lock);
        var version = CheckVersion(connection, clusterName);
        foreach (var (number, sql) in All.Where(m => m.Number > version))
        {
            Make(connection, number, sql, clusterName);
            PostgresLog.Migrated(logger, number);
        }
    }

    /// <summary>What there is, as a sentence. Changes nothing.</summary>
    /// <exception cref="ConfigurationException">It is not one that this program can use.</exception>
    public static string Describe(NpgsqlConnection connection, string clusterName)
    {
        connection.Open();
        RefuseServer(connection);
        return CheckVersion(connection, clusterName) switch
        {
            0 => "The database of Sailfish:Cluster:Database is empty: a start makes the tables.",
            var version when version < Version => $"The database of Sailfish:Cluster:Database can be used; its version is {version}, and a start brings it to {Version}.",
            var version when version > Version => $"The database of Sailfish:Cluster:Database can be used; its version is {version}, and this program's is {Version}.",
            var version => $"The database of Sailfish:Cluster:Database can be used; its version is {version}, this program's.",
        };
    }

    /// <summary>The server cannot do what is asked of it.</summary>
    private static void RefuseServer(NpgsqlConnection connection)
    {
        if (int.Parse(Show(connection, "server_version_num"), CultureInfo.InvariantCulture) < OldestServer)
            throw new ConfigurationException($"PostgreSQL 15 or newer is needed; the database of Sailfish:Cluster:Database is {Show(connection, "server_version")}.");
        if (Show(connection, "server_encoding") is not "UTF8" and var encoding)
            throw new ConfigurationException($"The database of Sailfish:Cluster:Database has the encoding {encoding}. Make one with UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.");
        if (Show(connection, "synchronous_commit") == "off")
            throw new ConfigurationException("A commit in the database of Sailfish:Cluster:Database may be lost, for synchronous_commit is off. Turn it on: ALTER ROLE … SET synchronous_commit = on.");
        if (Show(connection, "track_activities") == "off")
            throw new ConfigurationException("The database of Sailfish:Cluster:Database does not tell when its transactions began, for track_activities is off, and nodes would miss each other's changes. Turn it on: ALTER ROLE … SET track_activities = on.");
        if (Show(connection, "transaction_read_only") == "on")
            throw new ConfigurationException("The database of Sailfish:Cluster:Database is a standby. Name the primary, or all of them and Target Session Attributes=primary.");
    }

    /// <summary>Refuses what is another cluster's, or a newer program's that this one would write to as if it were not; else gives its version.</summary>
    private static int CheckVersion(NpgsqlConnection connection, string clusterName)
    {
        var (version, oldestProgram) = ReadVersion(connection);
        if (version == 0)
            return 0;
        if (Version < oldestProgram)
            throw new ConfigurationException($"The database of Sailfish:Cluster:Database has version {version} and needs a program of version {oldestProgram} or newer; this one is {Version}. Install the version that the other nodes have.");
        if (Scalar<string>(connection, "SELECT name FROM cluster") is var name && name != clusterName)
            throw new ConfigurationException($"The database of Sailfish:Cluster:Database is of the cluster '{name}', and Sailfish:Cluster:Name is '{clusterName}'. One of the two settings is another cluster's.");
        return version;
    }

    private static (int Version, int OldestProgram) ReadVersion(NpgsqlConnection connection)
    {
        if (!Scalar<bool>(connection, "SELECT to_regclass('schema_version') IS NOT NULL"))
            return (0, 0);
        using var command = new NpgsqlCommand("SELECT version, oldest_program FROM schema_version", connection);
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt32(0), row.GetInt32(1)) : (0, 0);
    }

    private static void Make(NpgsqlConnection connection, int number, string sql, string clusterName)
    {
        using var transaction = connection.BeginTransaction();
        Execute(connection, sql);
        Execute(connection, "UPDATE schema_version SET version = $1", number);
        Execute(connection, "INSERT INTO cluster (name) VALUES ($1) ON CONFLICT DO NOTHING", clusterName);
        transaction.Commit();
    }

    private static string Show(NpgsqlConnection connection, string setting) => Scalar<string>(connection, $"SHOW {setting}");

    private static T Scalar<T>(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }

    private static void Execute(NpgsqlConnection connection, string sql, params object[] values)
    {
        using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        command.ExecuteNonQuery();
    }

    private static IEnumerable<(int Number, string Sql)> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var file = name.Split('.')[^2];
            yield return (int.Parse(file.Split('_')[0], CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
    }
}
