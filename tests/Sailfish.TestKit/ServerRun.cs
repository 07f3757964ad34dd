using System.Diagnostics;

namespace Sailfish.TestKit;

/// <summary>One run of a server as a process of its own, and what it says.</summary>
public sealed class ServerRun : IDisposable
{
    private readonly Queue<string> _lines = new();
    private readonly TaskCompletionSource<ServerPorts> _ports = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _keptLines;
    private readonly Func<string, ServerPorts?> _find;

    /// <param name="start">The command; its outputs are read here.</param>
    /// <param name="keptLines">How many of the last lines are kept.</param>
    /// <param name="find">Finds the ports in a line that it says; how a server of this project says them, when null.</param>
    public ServerRun(ProcessStartInfo start, int keptLines = int.MaxValue, Func<string, ServerPorts?>? find = null)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _keptLines = keptLines;
        _find = find ?? ServerPorts.Find;
        Process = new Process { StartInfo = start, EnableRaisingEvents = true };
        Process.OutputDataReceived += (_, line) => Take(line.Data);
        Process.ErrorDataReceived += (_, line) => Take(line.Data);
        Process.Exited += (_, _) => _ports.TrySetException(new InvalidOperationException("The server ended."));
    }

    public Process Process { get; }

    /// <summary>The lines so far, each with its end.</summary>
    public string Output => string.Concat(Lines.Select(line => line + "\n"));

    /// <summary>The lines so far, those that are kept.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return _lines.ToArray();
        }
    }

    public void Start()
    {
        Process.Start();
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    /// <summary>Waits until the server listens; fails when it ends before, or takes longer.</summary>
    public async Task<ServerPorts> ListenAsync(TimeSpan limit)
    {
        try
        {
            return await _ports.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The server does not listen after {limit.TotalSeconds:0} s.");
        }
    }

    public void Dispose() => Process.Dispose();

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > _keptLines)
                _lines.Dequeue();
        }

        if (!_ports.Task.IsCompleted && _find(line) is { } ports)
            _ports.TrySetResult(ports);
    }
}
