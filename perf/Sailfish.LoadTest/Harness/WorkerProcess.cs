using System.Diagnostics;
using System.Text.Json;

namespace Sailfish.LoadTest.Harness;

/// <summary>
/// Another process of this tool, which does one thing until its standard input ends, and then says what came of it: an
/// order goes in, <see cref="Worker.Ready"/> and a report come out, a line each.
/// </summary>
internal sealed class WorkerProcess<TReport> : IDisposable
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task<string?> _firstLine;

    /// <param name="command">The hidden command of this tool that it runs.</param>
    /// <param name="order">What it is told.</param>
    /// <param name="isModest">Whether it gets its core only when nobody else wants it.</param>
    internal WorkerProcess(string command, object order, bool isModest = false)
    {
        string[] line = isModest ? ["nice", "-n", "19", Environment.ProcessPath!, command] : [Environment.ProcessPath!, command];
        _process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(order));
        _process.StandardInput.Flush();
        _firstLine = _process.StandardOutput.ReadLineAsync();
    }

    internal int Id => _process.Id;

    /// <summary>It has done what comes first.</summary>
    internal bool IsReady
    {
        get
        {
            if (_firstLine.IsCompleted && _firstLine.Result != Worker.Ready)
                throw new LoadTestException("A client process ended before it was ready.");
            return _firstLine.IsCompleted;
        }
    }

    /// <summary>Ends it, and gives its report.</summary>
    internal TReport End()
    {
        _process.StandardInput.Close();
        var line = _process.StandardOutput.ReadLine() ?? throw new LoadTestException("A client process ended without a word.");
        return JsonSerializer.Deserialize<TReport>(line)!;
    }

    public void Dispose()
    {
        // Its input ends with ours, so it ends by itself; who waits for a server that is gone does not.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(ExitLimit))
            _process.Kill();
        _process.Dispose();
    }
}
