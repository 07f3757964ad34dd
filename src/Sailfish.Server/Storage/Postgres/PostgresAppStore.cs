using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The apps of a cluster: those of the settings, which are the same on all nodes, or what the table says. The first node fills
/// it, from its file of secrets where there is one; each node writes a copy of what it read into its own. A file that says
/// something else, and is no such copy, is somebody's mistake: its tokens would be worth nothing here.
/// </summary>
internal sealed class PostgresAppStore(PostgresDatabase database, NodeLease lease, IOptions<ServerOptions> options) : IAppStore, INodeListener
{
    private const string Cluster = "cluster";
    private const string Select = "SELECT app_id, name, token_secret, api_key FROM app ORDER BY place";
    private const string SetHash = "UPDATE node SET apps_hash = $2 WHERE generation = $1";

    /// <summary>In the place of a hash: the table's.</summary>
    private const string OfTable = "table";

    /// <summary>Nothing before the apps were loaded.</summary>
    private string _hash = "";

    public IReadOnlyList<AppConfig> Load(IReadOnlyList<AppConfig> configured)
    {
        if (configured.Count > 0)
        {
            RefuseOthers(HashOf(configured));
            return configured;
        }

        RefuseOthers(OfTable);
        var folder = DataFolder.Make(options.Value);
        var file = SecretsFile.TryRead(folder);
        var apps = ReadOrAdd(() => file?.Apps ?? [SecretsFile.NewApp()]);
        var isSame = file is not null && file.Apps.Select(Values).SequenceEqual(apps.Select(Values));
        if (file is { CopyOf: null } && !isSame)
            throw new ConfigurationException($"{SecretsFile.PathIn(folder)} has other apps than the cluster's database. Remove the file to go on with the cluster's, or name the database that it belongs to.");
        if (!isSame || file!.CopyOf is null)
            WriteCopy(folder, apps);
        return apps;
    }

    public async Task<IReadOnlyList<AppConfig>> ReadAsync(CancellationToken cancellationToken)
    {
        var apps = await database.ReadAsync(connection => connection.ListAsync(ToApp, Select), cancellationToken);
        var file = SecretsFile.TryRead(options.Value.DataDir);
        if (apps.Count > 0 && file?.Apps.Select(Values).SequenceEqual(apps.Select(Values)) != true)
            WriteCopy(options.Value.DataDir, [.. apps]);
        return apps;
    }

    public Task<AppConfig?> RotateAsync(long appId, CancellationToken cancellationToken) => database.WriteAsync<AppConfig?>(
        async connection =>
        {
            var secrets = SecretsFile.NewApp();
            var app = await connection.FindAsync(
                ToApp,
                "UPDATE app SET token_secret = $2, api_key = $3 WHERE app_id = $1 RETURNING app_id, name, token_secret, api_key",
                appId, secrets.TokenSecret, secrets.ApiKey);
            if (app is not null)
                await connection.TellAsync(new Change(ChangeKind.App, appId));
            return app;
        },
        cancellationToken);

    /// <summary>Its row is another one.</summary>
    public Task BegunAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(connection => connection.ExecuteAsync(SetHash, lease.Generation, _hash), cancellationToken);

    /// <summary>Tells other nodes which apps this one has, and looks at theirs: a token is to be good on all nodes or on none.</summary>
    private void RefuseOthers(string hash)
    {
        _hash = hash;
        using var connection = database.Source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        // Of two that start at once the later one sees what the other has.
        connection.TakeTurn(Turns.Apps);
        connection.Execute(SetHash, lease.Generation, hash);
        var others = connection.List(
            row => row.GetString(0),
            "SELECT name FROM node WHERE generation <> $1 AND apps_hash NOT IN ('', $2) AND lease_until > clock_timestamp() LIMIT 1",
            lease.Generation, hash);
        if (others.Count > 0)
            throw new ConfigurationException($"{ConfigurationCheck.Root}:Apps is not what the node '{others[0]}' has. It is to be the same on all nodes of the cluster, or absent on all.");
        transaction.Commit();
    }

    private List<AppConfig> ReadOrAdd(Func<List<AppConfig>> first)
    {
        using var connection = database.Source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        // Of several nodes that start at once one fills the table.
        connection.TakeTurn(Turns.Apps);
        List<AppConfig> apps = [.. connection.List(ToApp, Select)];
        if (apps.Count > 0)
            return apps;
        apps = first();
        foreach (var (app, place) in apps.Select((app, place) => (app, place)))
        {
            connection.Execute(
                "INSERT INTO app (app_id, place, name, token_secret, api_key) VALUES ($1, $2, $3, $4, $5)", app.AppId, place, app.Name, app.TokenSecret, app.ApiKey);
            connection.Tell(new Change(ChangeKind.App, app.AppId));
        }

        var commit = new CommitWatch(connection);
        transaction.Commit();
        commit.ThrowIfInDoubt();
        return apps;
    }

    private static void WriteCopy(string folder, List<AppConfig> apps) => SecretsFile.Write(folder, new SecretsContent { CopyOf = Cluster, Apps = apps });

    private static AppConfig ToApp(NpgsqlDataReader row) =>
        new() { AppId = row.GetInt64(0), Name = row.GetString(1), TokenSecret = row.GetString(2), ApiKey = row.GetString(3) };

    private static string HashOf(IReadOnlyList<AppConfig> apps) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(apps.Select(app => new object[] { app.AppId, app.Name, app.TokenSecret, app.ApiKey }))));

    private static (long, string, string, string) Values(AppConfig app) => (app.AppId, app.Name, app.TokenSecret, app.ApiKey);
}
