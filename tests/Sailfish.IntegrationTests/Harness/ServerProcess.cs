using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>
/// The real server as a process of its own, on free ports, with a data folder of its own: what a user starts, and what
/// can be killed.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Sailfish.Server.dll");
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly string[] _settings;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly TemporaryDirectory? _ownDataDir;
    private readonly string? _umask;
    private ServerRun? _run;
    private ServerPorts _ports = new(0, 0, 0);
    private int? _openFiles;

    private ServerProcess(string? dataDir, string[] settings, IReadOnlyDictionary<string, string>? environment = null, string? umask = null)
    {
        _ownDataDir = dataDir is null ? new TemporaryDirectory() : null;
        DataDir = dataDir ?? _ownDataDir!.Path;
        _settings = settings;
        _umask = umask;
        _environment = environment ?? new Dictionary<string, string>();
    }

    public string DataDir { get; }

    public int TcpPort => _ports.Tcp;

    public int WebSocketPort => _ports.WebSocket;

    public int HttpPort => _ports.Http;

    public int RtmpPort => _ports.Rtmp;

    public App App { get; private set; } = new(0, "", "");

    public long AppId => App.Id;

    public string TokenSecret => App.TokenSecret;

    public string ApiKey => App.ApiKey;

    /// <summary>The server API, with the app's key.</summary>
    public HttpClient Http { get; private set; } = new();

    /// <summary>What it has said since it was started last.</summary>
    public string Output => _run!.Output;

    public int ProcessId => Process.Id;

    public bool HasExited => Process.HasExited;

    public int ExitCode => Process.ExitCode;

    /// <summary>What all of its threads took so far: the same however busy the machine is.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            Process.Refresh();
            return Process.TotalProcessorTime;
        }
    }

    private Process Process => _run!.Process;

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
        var server = new ServerProcess(dataDir, settings, environment, umask);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts a server that may have only so many files open, sockets among them.</summary>
    public static async Task<ServerProcess> StartWithFilesAsync(int openFiles, params string[] settings)
    {
        var server = new ServerProcess(null, settings) { _openFiles = openFiles };
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Runs a server that is expected to refuse to start; returns its exit code and all it said.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(params string[] settings) => await RunToExitAsync(null, settings);

    public static async Task<(int ExitCode, string Output)> RunToExitWithFilesAsync(int openFiles) => await RunToExitAsync(null, [], openFiles);

    public static async Task<(int ExitCode, string Output)> RunToExitAsync(string? dataDir, string[] settings, int? openFiles = null)
    {
        await using var server = new ServerProcess(dataDir, settings) { _openFiles = openFiles };
        server.Launch();
        await server.Process.WaitForExitAsync().WaitAsync(StartLimit);
        return (server.ExitCode, server.Output);
    }

    /// <summary>Runs the program with these arguments alone, in a folder of its own, until it ends.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunProgramAsync(string workingFolder, params string[] arguments) =>
        ProcessRun.RunAsync(new ProcessStartInfo("dotnet", [Program, .. arguments]) { WorkingDirectory = workingFolder }, StartLimit);

    /// <summary>Starts the process and gives it back before it listens.</summary>
    public static ServerProcess Begin(params string[] settings)
    {
        var server = new ServerProcess(null, settings);
        server.Launch();
        return server;
    }

    /// <summary>Waits for the end of the process; its exit code, 128 and more for one that a signal ended.</summary>
    public async Task<int> EndAsync()
    {
        await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return ExitCode;
    }

    /// <summary>Starts the process again on the same data folder; the ports may change.</summary>
    public async Task StartAgainAsync()
    {
        Launch();
        try
        {
            _ports = await _run!.ListenAsync(StartLimit);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            throw new InvalidOperationException($"The server did not start: {Output}", error);
        }

        ReadSecrets();
        Http.Dispose();
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}/") };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    /// <summary>Waits until it has said this: what it logs comes later than what it answers.</summary>
    public Task SaidAsync(string what) => Wait.UntilAsync(() => Output.Contains(what, StringComparison.Ordinal), what);

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        SendTerm();
        return await EndAsync() == 0 ? 0 : throw new InvalidOperationException($"The server stopped with exit code {ExitCode}; it said: {Output}");
    }

    /// <summary>SIGTERM without waiting.</summary>
    public void SendTerm() => Signal("TERM");

    /// <summary>A signal by its name, without waiting.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{ProcessId}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (_run is not null && !HasExited)
            await KillAsync();
        _run?.Dispose();
        Http.Dispose();
        _ownDataDir?.Dispose();
    }

    private void Launch()
    {
        // Put on by a shell, which then becomes the server.
        List<string> limits = [];
        if (_umask is not null)
            limits.Add($"umask {_umask}");
        if (_openFiles is not null)
            limits.Add($"ulimit -n {_openFiles}");
        var start = new ProcessStartInfo(limits.Count == 0 ? "dotnet" : "sh") { WorkingDirectory = DataDir };
        foreach (var word in limits.Count == 0 ? [] : new[] { "-c", $"{string.Join(" && ", limits)} && exec dotnet \"$@\"", "sh" })
            start.ArgumentList.Add(word);
        start.ArgumentList.Add(Program);
        string[] ports = ["Gateway:TcpPort=0", "Gateway:WebSocketPort=0", "Http:Port=0", "Media:RtmpPort=0", $"DataDir={DataDir}", "Storage:MinFreeMiB=0"];
        foreach (var setting in ports.Concat(_settings))
            start.ArgumentList.Add(setting.StartsWith("--", StringComparison.Ordinal) ? setting : $"--Sailfish:{setting}");
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _run?.Dispose();
        _run = new ServerRun(start);
        _run.Start();
    }

    private void ReadSecrets()
    {
        var path = Path.Combine(DataDir, "secrets.json");
        if (!File.Exists(path))
            return;
        using var secrets = JsonDocument.Parse(File.ReadAllText(path));
        var app = secrets.RootElement.GetProperty("apps")[0];
        App = new App(app.GetProperty("appId").GetInt64(), app.GetProperty("tokenSecret").GetString()!, app.GetProperty("apiKey").GetString()!);
    }
}
