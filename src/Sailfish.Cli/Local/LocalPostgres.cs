using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Sailfish.Cli.Local;

/// <summary>The database of a local cluster: made at the first start, with a password of its own, for this machine alone.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalPostgres : IAsyncDisposable
{
    /// <summary>Of the database and of its one user.</summary>
    private const string Name = "sailfish";

    /// <summary>A node's pool and the connections that it has alone, with some to spare.</summary>
    private const int ConnectionsPerNode = 30;

    private const string MakeDatabase = $"SELECT 'CREATE DATABASE {Name}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{Name}') \\gexec";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly PostgresPrograms _programs;
    private readonly string _folder;
    private readonly LastLines _said = new();
    private readonly int _port = FreePort.Next();
    private string _password = "";

    private LocalPostgres(PostgresPrograms programs, string folder) => (_programs, _folder) = (programs, folder);

    public Child? Server { get; private set; }

    /// <summary>For a node: of Npgsql.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database={Name};Username={Name};Password={_password}");

    private string Data => Path.Combine(_folder, "data");

    private string PasswordFile => Path.Combine(_folder, "password");

    /// <param name="programs">Of which version.</param>
    /// <param name="folder">For its data.</param>
    /// <param name="nodes">How many connect to it.</param>
    /// <param name="guard">Ends it when nobody else does.</param>
    /// <param name="cancellation">Of the start.</param>
    public static async Task<LocalPostgres> StartAsync(PostgresPrograms programs, LocalFolder folder, int nodes, Guard guard, CancellationToken cancellation)
    {
        var postgres = new LocalPostgres(programs, folder.Make("postgres"));
        try
        {
            await postgres.MakeAsync(cancellation);
            postgres.Launch(nodes, guard);
            await postgres.ReadyAsync(cancellation);
            await postgres.MakeDatabaseAsync(cancellation);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its "fast" stop: whoever is connected is cut off, and what is committed is on the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Server is null)
            return;
        await Server.StopAsync(Signal.Interrupt, StopLimit);
        Server.Dispose();
    }

    /// <summary>The data gets its name last: a start that is called off leaves none that is half made.</summary>
    private async Task MakeAsync(CancellationToken cancellation)
    {
        if (!File.Exists(PasswordFile))
            await WritePasswordAsync(cancellation);
        _password = await File.ReadAllTextAsync(PasswordFile, cancellation);
        await PostgresPrograms.OwnAsync(_folder, cancellation);
        if (Directory.Exists(Data))
            return;
        var unfinished = $"{Data}.new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        await Tool.RunAsync(
            _programs.Owner("initdb", "-D", unfinished, "-U", Name, "-A", "scram-sha-256", $"--pwfile={PasswordFile}", "-E", "UTF8", "--locale=C"), cancellation);
        Directory.Move(unfinished, Data);
    }

    private async Task WritePasswordAsync(CancellationToken cancellation)
    {
        var aside = $"{PasswordFile}.new";
        await using (var file = new FileStream(aside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        await using (var text = new StreamWriter(file))
            await text.WriteAsync(RandomNumberGenerator.GetHexString(32).AsMemory(), cancellation);
        File.Move(aside, PasswordFile);
    }

    private void Launch(int nodes, Guard guard)
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "logging_collector=off", "log_destination=stderr", "deadlock_timeout=100ms",
            string.Create(CultureInfo.InvariantCulture, $"max_connections={(nodes * ConnectionsPerNode) + 10}"),
        ];
        string[] arguments = ["-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), .. settings.SelectMany(setting => new[] { "-c", setting })];
        Server = new Child("PostgreSQL", _programs.Owner("postgres", arguments), guard, _said.Add);
    }

    private async Task ReadyAsync(CancellationToken cancellation)
    {
        while ((await Tool.TryAsync(_programs.Client("pg_isready", "-q", "-h", "127.0.0.1", "-p", $"{_port}"), cancellation)).ExitCode != 0)
        {
            if (Server!.Exit.IsCompleted)
                throw new CliException($"PostgreSQL did not start: {_said}");
            await Task.Delay(BetweenLooks, cancellation);
        }
    }

    private async Task MakeDatabaseAsync(CancellationToken cancellation)
    {
        var psql = _programs.Client("psql", "-h", "127.0.0.1", "-p", $"{_port}", "-U", Name, "-d", "postgres", "-qX", "-v", "ON_ERROR_STOP=1");
        psql.Environment["PGPASSWORD"] = _password;
        await Tool.RunAsync(psql, cancellation, MakeDatabase);
    }
}
