using System.Diagnostics;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>The command line tool as a process.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private readonly List<string> _lines = [];
    private readonly List<string> _notes = [];
    private readonly Process _process;

    private CliProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(_lines, line.Data);
        process.ErrorDataReceived += (_, line) => Note(_notes, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Stdout so far.</summary>
    public List<string> Lines => Copy(_lines);

    /// <summary>Stderr so far.</summary>
    public List<string> Notes => Copy(_notes);

    /// <summary>Printed messages as <c>sender: content</c>.</summary>
    public List<string> Messages => [.. Lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];

    public static CliProcess Start(params string[] arguments) => Start(null, arguments);

    /// <summary>Starts it for a server of the tests.</summary>
    public static CliProcess Start(ServerProcess? server, params string[] arguments)
    {
        string[] where = server is null
            ? []
            : ["--data-dir", server.DataDir, "--tcp-port", $"{server.TcpPort}", "--http", $"http://127.0.0.1:{server.HttpPort}"];
        return StartIn(Path.GetTempPath(), null, [.. arguments, .. where]);
    }

    /// <summary>Starts it in a folder, with the variable that names the data folder, or without.</summary>
    public static CliProcess StartIn(string folder, string? dataDirVariable, params string[] arguments) =>
        StartWith(folder, dataDirVariable is null ? [] : [("Sailfish__DataDir", dataDirVariable)], arguments);

    /// <summary>Starts it in a folder, with variables of the environment.</summary>
    public static CliProcess StartWith(string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "sailfish.dll"));
        start.Environment.Remove("Sailfish__DataDir");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new CliProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs a line of the shell in which <c>sailfish</c> is the tool; gives its exit code and its stderr.</summary>
    public static async Task<(int ExitCode, string Error)> ShellAsync(ServerProcess server, string line, params (string Name, string Value)[] environment)
    {
        var tool = $$"""sailfish() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "sailfish.dll")}}' "$@"; }""";
        var start = new ProcessStartInfo("bash", ["-c", $"{tool}; {line}"]) { WorkingDirectory = Path.GetTempPath() };
        start.Environment["Sailfish__DataDir"] = server.DataDir;
        start.Environment["Sailfish__Gateway__TcpPort"] = $"{server.TcpPort}";
        start.Environment["Sailfish__Http__Port"] = $"{server.HttpPort}";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var (exitCode, _, error) = await ProcessRun.RunAsync(start, Wait.Limit);
        return (exitCode, error);
    }

    /// <summary>A conversation that is online.</summary>
    public static async Task<CliProcess> StartOnlineAsync(ServerProcess server, params string[] arguments)
    {
        var cli = Start(server, arguments);
        await Wait.UntilAsync(() => cli.Notes.Contains("* online") || cli._process.HasExited, $"{string.Join(' ', arguments)} to be online");
        return cli;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public async Task TypeAsync(byte[] bytes)
    {
        await _process.StandardInput.BaseStream.WriteAsync(bytes);
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    public Task TypeAsync(params string[] lines) => _process.StandardInput.WriteAsync(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>Ends stdin and waits for the process.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        return await ExitAsync();
    }

    /// <summary>Ctrl-C, or another signal.</summary>
    public async Task<int> InterruptAsync(string signal = "INT")
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Wait.Limit);
        return _process.ExitCode;
    }

    public Task PrintedAsync(int count) =>
        Wait.UntilAsync(() => Lines.Count >= count, Wait.Limit, () => $"{count} lines; there are: {string.Join(" | ", Lines)}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static void Note(List<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (lines)
            lines.Add(line);
    }

    private static List<string> Copy(List<string> lines)
    {
        lock (lines)
            return [.. lines];
    }
}
