using System.Diagnostics;
using System.Globalization;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>CPU use of both sides over a period.</summary>
internal sealed class CpuMeter
{
    /// <summary>Share of one core from which a side counts as saturated.</summary>
    private const double Saturated = 0.95;

    /// <summary>Share of one core from which other processes disturb a measurement.</summary>
    private const double Disturbed = 0.1;

    private readonly string _server;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly double _serverSeconds;
    private readonly double _loadSeconds;
    private readonly double _machineSeconds;

    internal CpuMeter(ServerProcess server)
    {
        _server = server.Id.ToString(CultureInfo.InvariantCulture);
        _serverSeconds = ProcFs.CpuSeconds(_server);
        _loadSeconds = ProcFs.CpuSeconds("self");
        _machineSeconds = ProcFs.BusySeconds().Sum();
    }

    internal double Elapsed => Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>
    /// Adds the shares of one core, and what all other processes took: a run with much of that says little.
    /// </summary>
    internal void Report(ScenarioResult result)
    {
        var elapsed = Elapsed;
        var server = (ProcFs.CpuSeconds(_server) - _serverSeconds) / elapsed;
        var load = (ProcFs.CpuSeconds("self") - _loadSeconds) / elapsed;
        var machine = (ProcFs.BusySeconds().Sum() - _machineSeconds) / elapsed;
        result.Add("server CPU", server * 100, "% of a core");
        result.Add("load CPU", load * 100, "% of a core");
        var other = Math.Max(0, machine - server - load);
        result.Add("other CPU", other * 100, "% of a core");
        result.Note = (server >= Saturated, load >= Saturated) switch
        {
            (true, true) => "saturated: server and load",
            (true, false) => "saturated: server",
            (false, true) => "saturated: load",
            _ => "saturated: neither",
        } + (other >= Disturbed ? ", disturbed by other processes" : "");
    }
}
