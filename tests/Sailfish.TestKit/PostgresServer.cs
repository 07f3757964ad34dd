using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sailfish.TestKit;

/// <summary>
/// A real PostgreSQL, Debian's, as ordinary processes with their data in a folder of its own, and with what faults need: it
/// can be killed, held, and started again. It ends with the process that started it, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Who may do everything.</summary>
    public const string User = "postgres";

    private const string Binaries = "/usr/lib/postgresql";
    private const int OldestVersion = 15;

    /// <summary>PostgreSQL does not run as root: then it has this account of the system, which Debian's package makes.</summary>
    private const string Account = "postgres";

    /// <summary>
    /// Waits until nobody holds the other end of its input any more, then ends all processes that work in the data folder, and
    /// takes the folder away. What a terminal tells all processes at once does not end it.
    /// </summary>
    private const string Guard =
        """
        trap '' INT TERM HUP
        read -r line
        for process in /proc/[0-9]*; do
          [ "$(readlink "$process/cwd" 2>/dev/null)" = "$1/data" ] && kill -KILL "${process#/proc/}"
        done
        rm -rf "$1"
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sailfish-postgres-").FullName;
    private readonly string[] _settings;
    private readonly StringBuilder _said = new();
    private readonly Process _guard;
    private Process? _process;

    private PostgresServer(string[] settings)
    {
        _settings = settings;
        var guard = new ProcessStartInfo("sh", ["-c", Guard, "guard", _folder]) { RedirectStandardInput = true };
        _guard = Process.Start(guard)!;
    }

    /// <summary>Whether there is one new enough.</summary>
    public static bool IsInstalled => Newest() >= OldestVersion;

    public int Port { get; } = FreePort.Next();

    private string Data => Path.Combine(_folder, "data");

    private string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <param name="fsync">Whether a commit is on the disk. Without, the death of its processes loses nothing all the same.</param>
    /// <param name="settings">More of them, such as <c>max_connections=500</c>.</param>
    public static async Task<PostgresServer> StartAsync(bool fsync, params string[] settings)
    {
        var server = new PostgresServer(
        [
            $"fsync={(fsync ? "on" : "off")}", "max_connections=300", "deadlock_timeout=100ms", "listen_addresses=127.0.0.1", "logging_collector=off", .. settings,
        ]);
        try
        {
            if (Environment.IsPrivilegedProcess)
                await RunAsync("chown", [$"{Account}:", server._folder]);
            var (name, arguments) = Command("initdb", "-D", server.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
            await RunAsync(name, arguments);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How Npgsql gets to a database.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="port">Of a proxy in front; the server's own when not given.</param>
    public string ConnectionString(string database, int? port = null) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port ?? Port};Database={database};Username={User}");

    /// <summary>Makes a database, empty or as another one is now, to which nobody may be connected.</summary>
    public Task CreateDatabaseAsync(string name, string template = "template0") => SqlAsync($"CREATE DATABASE {name} TEMPLATE {template}");

    /// <summary>Whoever uses it is cut off.</summary>
    public Task DropDatabaseAsync(string name) => SqlAsync($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Runs statements; gives their rows, a line each, with | between the columns.</summary>
    public Task<string> SqlAsync(string sql, string database = "postgres") =>
        RunAsync(Find("psql"), ["-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", database, "-AtqX", "-v", "ON_ERROR_STOP=1", "-c", sql]);

    /// <summary>All its processes are gone at once, as with a machine that loses its power (but for what its disk has).</summary>
    public async Task KillAsync()
    {
        Signal("KILL");
        await _process!.WaitForExitAsync();
        await Wait.UntilAsync(() => Processes().Count == 0, "all processes to be gone");
    }

    /// <summary>Holds all its processes: connections stand, and nobody answers.</summary>
    public void Hold() => Signal("STOP");

    public void GoOn() => Signal("CONT");

    /// <summary>Starts it, also after it was killed, on the same port.</summary>
    public async Task StartAgainAsync()
    {
        _process?.Dispose();
        var settings = _settings.Append($"unix_socket_directories={_folder}").SelectMany(s => new[] { "-c", s });
        var (name, arguments) = Command("postgres", ["-D", Data, "-p", $"{Port}", .. settings]);
        _process = new Process { StartInfo = new ProcessStartInfo(name, arguments) { RedirectStandardError = true, RedirectStandardOutput = true } };
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        var ready = new ProcessStartInfo(Find("pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{Port}"]);
        await Wait.UntilAsync(async () => _process.HasExited || await ExitCodeAsync(ready) == 0, "PostgreSQL to take connections");
        if (_process.HasExited)
            throw new InvalidOperationException($"PostgreSQL did not start: {Said}");
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        if (_process is not null)
            await _process.WaitForExitAsync();
        _process?.Dispose();
    }

    /// <summary>In the folder of the newest version that is installed.</summary>
    private static string Find(string binary) => IsInstalled
        ? Path.Combine(Binaries, $"{Newest()}", "bin", binary)
        : throw new InvalidOperationException("PostgreSQL is not installed; ./test installs it on Debian.");

    /// <summary>0 where there is none.</summary>
    private static int Newest()
    {
        var versions = Directory.Exists(Binaries) ? Directory.GetDirectories(Binaries).Select(Path.GetFileName) : [];
        return versions.Select(v => int.TryParse(v, CultureInfo.InvariantCulture, out var version) ? version : 0).DefaultIfEmpty().Max();
    }

    private static (string Name, string[] Arguments) Command(string binary, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ("setpriv", [$"--reuid={Account}", $"--regid={Account}", "--init-groups", Find(binary), .. arguments])
        : (Find(binary), arguments);

    private static async Task<string> RunAsync(string name, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"{name}: {await error}");
    }

    private static async Task<int> ExitCodeAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>The first one, which makes the others, comes first; and those that it made meanwhile come, too.</summary>
    private void Signal(string name)
    {
        HashSet<int> told = [];
        while (Processes().Where(id => !told.Contains(id)).OrderBy(id => id != _process!.Id).ToArray() is { Length: > 0 } others)
        {
            foreach (var process in others.Where(told.Add))
            {
                using var kill = Process.Start("kill", [$"-{name}", $"{process}"]);
                kill.WaitForExit();
            }
        }
    }

    /// <summary>All of a server work in its data folder.</summary>
    public IReadOnlyList<int> ProcessIds() => Processes();

    private List<int> Processes()
    {
        List<int> found = [];
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && WorkingFolder(folder) == Data)
                found.Add(id);
        }

        return found;
    }

    private static string? WorkingFolder(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Note(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
