using System.Diagnostics;
using System.Text.Json;

namespace Sailfish.LoadTest.Harness;

/// <summary>Another process of this tool, with more sessions than this one can hold.</summary>
internal sealed class Crew : IDisposable
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task<string?> _firstLine;

    internal Crew(CrewOrder order)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [CrewWorker.CommandName])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(order));
        _process.StandardInput.Flush();
        _firstLine = _process.StandardOutput.ReadLineAsync();
    }

    internal int Id => _process.Id;

    /// <summary>All its sessions are logged in.</summary>
    internal bool IsReady
    {
        get
        {
            if (_firstLine.IsCompleted && _firstLine.Result != CrewWorker.Ready)
                throw new LoadTestException("A client process ended before its sessions were in.");
            return _firstLine.IsCompleted;
        }
    }

    /// <summary>Ends it, and says what became of its sessions.</summary>
    internal CrewReport End()
    {
        _process.StandardInput.Close();
        var line = _process.StandardOutput.ReadLine() ?? throw new LoadTestException("A client process ended without a word.");
        return JsonSerializer.Deserialize<CrewReport>(line)!;
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
