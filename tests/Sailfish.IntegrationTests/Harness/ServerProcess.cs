using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>
/// The real server as a process of its own, on free ports, with a data folder of its own: what a user starts, and what
/// can be killed.
/// </summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Sailfish.Server.dll");
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly StringBuilder _output = new();
    private readonly string[] _settings;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly bool _ownsDataDir;
    private readonly string? _umask;
    private Process? _process;
    private int? _openFiles;

    private ServerProcess(string dataDir, bool ownsDataDir, string[] settings, IReadOnlyDictionary<string, string>? environment, string? umask = null)
    {
        DataDir = dataDir;
        _ownsDataDir = ownsDataDir;
        _settings = settings;
        _umask = umask;
        _environment = environment ?? new Dictionary<string, string>();
    }

    public string DataDir { get; }

    public int TcpPort { get; private set; }

    public int WebSocketPort { get; private set; }

    public int HttpPort { get; private set; }

    public long AppId { get; private set; }

    public string TokenSecret { get; private set; } = "";

    public string ApiKey { get; private set; } = "";

    /// <summary>The server API, with the app's key.</summary>
    public HttpClient Http { get; private set; } = new();

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public int ProcessId => _process!.Id;

    public bool HasExited => _process!.HasExited;

    public int ExitCode => _process!.ExitCode;

    /// <summary>
    /// Starts a server; settings are like <c>Gateway:HeartbeatSeconds=1</c>, below <c>Sailfish</c>, or whole arguments
    /// that begin with <c>--</c>.
    /// </summary>
    public static Task<ServerProcess> StartAsync(params string[] settings) => StartAsync(null, settings);

    /// <param name="dataDir">A folder that stays; null for one of the server's own that goes with it.</param>
    /// <param name="settings">As above.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="umask">What the shell that starts it has set, such as <c>022</c>.</param>
    public static async Task<ServerProcess> StartAsync(
        string? dataDir, string[] settings, IReadOnlyDictionary<string, string>? environment = null, string? umask = null)
    {
        var server = Create(dataDir, settings, environment, umask);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts a server that may have only so many files open, sockets among them.</summary>
    public static async Task<ServerProcess> StartWithFilesAsync(int openFiles, params string[] settings)
    {
        var server = Create(null, settings, null);
        server._openFiles = openFiles;
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Runs a server that is expected to refuse to start; returns its exit code and all it said.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(params string[] settings) => await RunToExitAsync(null, settings);

    public static async Task<(int ExitCode, string Output)> RunToExitWithFilesAsync(int openFiles) => await RunToExitAsync(null, [], openFiles);

    public static async Task<(int ExitCode, string Output)> RunToExitAsync(string? dataDir, string[] settings, int? openFiles = null)
    {
        await using var server = Create(dataDir, settings, null);
        server._openFiles = openFiles;
        server.Launch();
        await server._process!.WaitForExitAsync().WaitAsync(StartLimit);
        return (server._process.ExitCode, server.Output);
    }

    /// <summary>Runs the program with these arguments alone, in a folder of its own, until it ends.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunProgramAsync(string workingFolder, params string[] arguments) =>
        ProcessRun.RunAsync(new ProcessStartInfo("dotnet", [Program, .. arguments]) { WorkingDirectory = workingFolder }, StartLimit);

    /// <summary>Starts the process and gives it back before it listens.</summary>
    public static ServerProcess Begin(params string[] settings)
    {
        var server = Create(null, settings, null);
        server.Launch();
        return server;
    }

    /// <summary>Waits for the end of the process; its exit code, 128 and more for one that a signal ended.</summary>
    public async Task<int> EndAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    /// <summary>Starts the process again on the same data folder; the ports may change.</summary>
    public async Task StartAgainAsync()
    {
        lock (_output)
            _output.Clear();
        Launch();
        await Wait.UntilAsync(() => _process!.HasExited || ListeningLine().IsMatch(Output), StartLimit, () => $"the server to listen; it said: {Output}");
        var match = ListeningLine().Match(Output);
        if (!match.Success)
            throw new InvalidOperationException($"The server did not start: {Output}");
        TcpPort = int.Parse(match.Groups[1].Value);
        WebSocketPort = int.Parse(match.Groups[2].Value);
        HttpPort = int.Parse(match.Groups[3].Value);
        ReadSecrets();
        Http.Dispose();
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}/") };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        SendTerm();
        await _process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode == 0 ? 0 : throw new InvalidOperationException($"The server stopped with exit code {_process.ExitCode}; it said: {Output}");
    }

    /// <summary>SIGTERM without waiting.</summary>
    public void SendTerm() => Signal("TERM");

    /// <summary>A signal by its name, without waiting.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process!.Id.ToString()]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        Http.Dispose();
        if (_ownsDataDir && Directory.Exists(DataDir))
            Directory.Delete(DataDir, recursive: true);
    }

    private static ServerProcess Create(string? dataDir, string[] settings, IReadOnlyDictionary<string, string>? environment, string? umask = null) => new(
        dataDir ?? Directory.CreateTempSubdirectory("sailfish-test-").FullName, dataDir is null, settings, environment, umask);

    private void Launch()
    {
        // Put on by a shell, which then becomes the server.
        List<string> limits = [];
        if (_umask is not null)
            limits.Add($"umask {_umask}");
        if (_openFiles is not null)
            limits.Add($"ulimit -n {_openFiles}");
        var start = new ProcessStartInfo(limits.Count == 0 ? "dotnet" : "sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = DataDir,
        };
        foreach (var word in limits.Count == 0 ? [] : new[] { "-c", $"{string.Join(" && ", limits)} && exec dotnet \"$@\"", "sh" })
            start.ArgumentList.Add(word);
        start.ArgumentList.Add(Program);
        string[] ports = ["Gateway:TcpPort=0", "Gateway:WebSocketPort=0", "Http:Port=0", $"DataDir={DataDir}", "Storage:MinFreeMiB=0"];
        foreach (var setting in ports.Concat(_settings))
            start.ArgumentList.Add(setting.StartsWith("--", StringComparison.Ordinal) ? setting : $"--Sailfish:{setting}");
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _process?.Dispose();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
    }

    private void ReadSecrets()
    {
        var path = Path.Combine(DataDir, "secrets.json");
        if (!File.Exists(path))
            return;
        using var secrets = JsonDocument.Parse(File.ReadAllText(path));
        var app = secrets.RootElement.GetProperty("apps")[0];
        AppId = app.GetProperty("appId").GetInt64();
        TokenSecret = app.GetProperty("tokenSecret").GetString()!;
        ApiKey = app.GetProperty("apiKey").GetString()!;
    }

    [GeneratedRegex(@"listening tcp \S+:(\d+) websocket \S+:(\d+) http \S+:(\d+)")]
    private static partial Regex ListeningLine();
}
