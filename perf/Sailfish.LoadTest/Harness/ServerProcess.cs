using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Sailfish.LoadTest.Diagnostics;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Harness;

/// <summary>The server under load: a process of its own with a data directory of its own, both gone at the end.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private const int KeptLines = 200;

    /// <summary>A load is what is measured, and not how it is held back.</summary>
    private static readonly string[] NoLimits = ["Limits:ConnectionsPerIpPerSecond", "Limits:MessagesPerSecond"];

    private readonly ServerRun _run;
    private readonly TemporaryDirectory _data;
    private readonly Lock _ending = new();
    private readonly PosixSignalRegistration[] _signals;
    private bool _ended;

    private ServerProcess(LoadSettings settings, App app, IReadOnlyDictionary<string, string> more)
    {
        App = app;
        _data = new TemporaryDirectory(settings.DataRoot);
        _run = new ServerRun(StartInfo(settings, more), KeptLines, settings.Program == ServerProgram.Nats ? ServerPorts.FindOfNats : ServerPorts.Find);
        // Ctrl-C and kill must not leave a server behind: an exit in order raises ProcessExit.
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];
    }

    private App App { get; }

    public ServerPorts Ports { get; private set; } = new(0, 0, 0);

    internal int Id => _run.Process.Id;

    /// <summary>What the server's own runtime tells; null where that is not .NET.</summary>
    internal RuntimeProbe? Probe { get; private set; }

    public bool HasExited => _run.Process.HasExited;

    /// <summary>Starts the server and waits until it listens.</summary>
    /// <param name="settings">Of the load.</param>
    /// <param name="app">Whose users come.</param>
    /// <param name="more">Settings of the server beside those that all have.</param>
    internal static ServerProcess Start(LoadSettings settings, App app, IReadOnlyDictionary<string, string> more)
    {
        var server = new ServerProcess(settings, app, more);
        try
        {
            server._run.Start();
            server.Ports = server._run.ListenAsync(StartTimeout).GetAwaiter().GetResult();
            server.Probe = settings.Program is ServerProgram.Nats or ServerProgram.UWebSockets or ServerProgram.NodeMediaServer ? null : new RuntimeProbe(server.Id);
            return server;
        }
        catch (Exception error)
        {
            var said = server.LastLines;
            server.Dispose();
            throw new LoadTestException($"{error.Message}\nThe server said:\n{said}");
        }
    }

    public string LastLines => string.Join('\n', _run.Lines.TakeLast(30));

    /// <summary>Whether one of the last lines that it said has these words.</summary>
    internal bool HasSaid(string words) => _run.Lines.Any(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>Ends it as a machine does that loses its power; its data stays until it is disposed of.</summary>
    internal void Kill()
    {
        _run.Process.Kill();
        _run.Process.WaitForExit(ExitTimeout);
    }

    public void Dispose()
    {
        // The thread that comes second waits, so that the process cannot end before the data is removed.
        lock (_ending)
        {
            if (_ended)
                return;
            _ended = true;
            End();
        }
    }

    private void End()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        try
        {
            _run.Process.Kill(entireProcessTree: true);
            _run.Process.WaitForExit(ExitTimeout);
        }
        catch (InvalidOperationException)
        {
            // It never started.
        }

        Probe?.Dispose();
        _run.Dispose();
        _data.Dispose();
    }

    private static void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Environment.Exit(130);
    }

    private void OnExit(object? sender, EventArgs args) => Dispose();

    private ProcessStartInfo StartInfo(LoadSettings settings, IReadOnlyDictionary<string, string> more)
    {
        var info = PinnedProcess.StartInfo(settings, settings.Program, _data.Path);
        // Through the environment: a command line with secrets can be read by every user of the machine.
        Configure(info, "DataDir", _data.Path);
        Configure(info, "Http:Port", "0");
        Configure(info, "Gateway:TcpPort", "0");
        Configure(info, "Gateway:WebSocketPort", "0");
        // Versions without video refuse to start with what they do not know.
        if (File.Exists(Path.Combine(Path.GetDirectoryName(settings.ServerPath ?? ProgramPath.Server)!, "Sailfish.Media.dll")))
            Configure(info, "Media:RtmpPort", "0");
        foreach (var limit in NoLimits.Except(settings.WithoutSettings))
            Configure(info, limit, "0");
        Configure(info, "Apps:0:AppId", App.Id.ToString(CultureInfo.InvariantCulture));
        Configure(info, "Apps:0:Name", "load");
        Configure(info, "Apps:0:TokenSecret", App.TokenSecret);
        Configure(info, "Apps:0:ApiKey", App.ApiKey);
        foreach (var (key, value) in more)
            Configure(info, key, value);
        foreach (var (name, value) in settings.ServerEnvironment)
            info.Environment[name] = value;
        return info;
    }

    private static void Configure(ProcessStartInfo info, string key, string value) =>
        info.Environment["Sailfish__" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
}
