using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage.Postgres;
using Sailfish.Server.Transports;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>One node's side of the directory, on a database that others use, too; nobody gives it up.</summary>
internal sealed class DirectoryNode : IAsyncDisposable
{
    private readonly DirectoryWriter _writer;
    private readonly NodeNumbers _connections;

    private DirectoryNode(PostgresDatabase database, long node, int most)
    {
        Database = database;
        Lease = new NodeLease(node, TimeProvider.System);
        _connections = new NodeNumbers(Lease);
        _writer = new DirectoryWriter(
            database, Lease, Options.Create(new SessionsOptions { MaxConnectionsPerUser = most }), TimeProvider.System, NullLogger<DirectoryWriter>.Instance);
        Directory = new PostgresSessionDirectory(database, _writer);
    }

    public PostgresDatabase Database { get; }

    public NodeLease Lease { get; }

    public PostgresSessionDirectory Directory { get; }

    /// <param name="connectionString">Where the database is.</param>
    /// <param name="most">Sessions of a user.</param>
    public static async Task<DirectoryNode> StartAsync(string connectionString, int most = 10)
    {
        var database = new PostgresDatabase(Options.Create(new ClusterOptions { Database = connectionString }), NullLogger<PostgresDatabase>.Instance);
        var generation = await database.WriteAsync(connection => connection.NumberAsync("INSERT INTO node (name, version, lease_until) VALUES ('test', '', 'infinity') RETURNING generation"));
        var node = new DirectoryNode(database, generation!.Value, most);
        await node._writer.StartAsync(CancellationToken.None);
        return node;
    }

    /// <summary>A session that began so many milliseconds ago.</summary>
    public Session NewSession(long user, string? device = null, long age = 0, long mintedAt = 0)
    {
        var pipe = new Pipe();
        var transport = new KestrelTransport(new DefaultConnectionContext { Transport = new Duplex(pipe.Reader, pipe.Writer) });
        var connection = new Connection(_connections.Next(), transport, Dialect.Binary, 65_536, TimeProvider.System);
        return new Session(
            connection, new TokenIdentity(new UserKey(1, user), null, null, null, mintedAt), new LoginRequest { UserId = user, AppId = 1, DeviceId = device, Platform = "test" },
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - age);
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<long> NumberAsync(string sql) => (await Database.ReadAsync(connection => connection.NumberAsync(sql)))!.Value;

    public Task DoAsync(string sql) => Database.WriteAsync(connection => connection.ExecuteAsync(sql));

    public Task StopAsync() => _writer.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _writer.Dispose();
        await Database.DisposeAsync();
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
