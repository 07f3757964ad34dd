using System.Diagnostics;
using Sailfish.LoadTest.Diagnostics;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>
/// What a measured period cost: CPU of both sides, the server's allocations and collector pauses. A period may have rests, in
/// which other servers have their turns.
/// </summary>
internal sealed class PeriodMeter
{
    /// <summary>Share of one core from which a side counts as saturated.</summary>
    private const double Saturated = 0.95;

    /// <summary>Share of one core from which other processes disturb a measurement.</summary>
    private const double Disturbed = 0.1;

    private readonly Servers _servers;
    private readonly List<(Reading First, Reading Last)> _turns = [];
    private Reading _first;

    /// <summary>Begins the period.</summary>
    internal PeriodMeter(Servers servers)
    {
        _servers = servers;
        Resume();
    }

    /// <summary>When each turn of the period began and ended, as <see cref="Stopwatch"/> counts.</summary>
    internal IEnumerable<(long StartedAt, long EndedAt)> Turns => _turns.Select(t => (t.First.Ticks, t.Last.Ticks));

    /// <summary>When the period began, as <see cref="Stopwatch"/> counts.</summary>
    internal long StartedAt => First.Ticks;

    /// <summary>Length of the period without its rests, in seconds.</summary>
    internal double Elapsed => _turns.Sum(t => Stopwatch.GetElapsedTime(t.First.Ticks, t.Last.Ticks).TotalSeconds);

    /// <summary>Seconds of CPU that the servers took in the period.</summary>
    internal double ServerSeconds => _turns.Sum(t => t.Last.ServerSeconds - t.First.ServerSeconds);

    private double DatabaseSeconds => _turns.Sum(t => t.Last.DatabaseSeconds - t.First.DatabaseSeconds);

    /// <summary>Whether the server is a .NET program: of another only the kernel tells.</summary>
    private bool HasProbes => _servers.First.Probe is not null;

    private Reading First => _turns[0].First;

    private Reading Last => _turns[^1].Last;

    /// <summary>Goes on after a rest.</summary>
    internal void Resume() => _first = Read();

    /// <summary>Ends the period, or begins a rest.</summary>
    internal void End() => _turns.Add((_first, Read()));

    /// <summary>Adds the shares of one core, and what all other processes took: a run with much of that says little.</summary>
    internal void ReportCpu(ScenarioResult result)
    {
        var server = ServerSeconds / Elapsed;
        var load = _turns.Sum(t => t.Last.LoadSeconds - t.First.LoadSeconds) / Elapsed;
        var machine = _turns.Sum(t => t.Last.MachineSeconds - t.First.MachineSeconds) / Elapsed;
        var database = DatabaseSeconds / Elapsed;
        var other = Math.Max(0, machine - server - database - load);
        result.Add(MetricNames.ServerCpu, server * 100, "% of a core");
        if (database > 0)
            result.Add(MetricNames.DatabaseCpu, database * 100, "% of a core");
        result.Add(MetricNames.LoadCpu, load * 100, "% of a core");
        result.Add(MetricNames.OtherCpu, other * 100, "% of a core");
        result.Note = (server >= Saturated, load >= Saturated) switch
        {
            (true, true) => "saturated: server and load",
            (true, false) => "saturated: server",
            (false, true) => "saturated: load",
            _ => "saturated: neither",
        } + (other >= Disturbed ? ", disturbed by other processes" : "");
    }

    /// <summary>Adds what one of <paramref name="count"/> operations cost the server, and the collector's pauses.</summary>
    internal void ReportCost(ScenarioResult result, long count, string operation)
    {
        if (count == 0)
            return;
        ReportShare(result, count, operation);
        if (HasProbes)
            ReportPauses(result);
    }

    /// <summary>Adds what one of <paramref name="count"/> operations cost the server.</summary>
    internal void ReportShare(ScenarioResult result, long count, string operation)
    {
        result.Add($"server CPU per {operation}", ServerSeconds * 1e9 / count, "ns");
        if (DatabaseSeconds > 0)
            result.Add(MetricNames.DatabaseCpuPer(operation), DatabaseSeconds * 1e9 / count, "ns");
        if (!HasProbes)
            return;
        var allocated = Probes().Sum(probe => probe.AllocationRate(First.Time, Last.Time)) * (Last.Time - First.Time).TotalSeconds;
        result.Add($"allocated per {operation}", allocated / count, "bytes");
    }

    /// <summary>Adds the frames that nodes sent each other for one of <paramref name="count"/> operations, their heartbeats among them.</summary>
    internal void ReportFrames(ScenarioResult result, long count, string operation)
    {
        var rate = Probes().Select(probe => probe.FrameRate(First.Time, Last.Time)).Where(double.IsFinite).Sum();
        result.Add(MetricNames.FramesPer(operation), rate * (Last.Time - First.Time).TotalSeconds / count, "");
    }

    /// <summary>Adds the average size of the log's transactions.</summary>
    internal void ReportCommits(ScenarioResult result)
    {
        result.Add(MetricNames.CommitBatch, Probes().Average(probe => probe.MeanCommitBatch(First.Time, Last.Time)), "writes");
    }

    private void ReportPauses(ScenarioResult result)
    {
        GcPause[] pauses = [.. Probes().SelectMany(probe => probe.Pauses(First.Time, Last.Time))];
        result.Add("gc pauses", pauses.Length, "");
        result.Add("gc pauses, together", pauses.Sum(p => p.Length.TotalMilliseconds), "ms");
        result.Add("gc pause, longest", Longest(pauses.Select(p => p.Length)), "ms");
        result.Add(MetricNames.FullPause, Longest(pauses.Where(p => p.IsFullBlocking).Select(p => p.Length)), "ms");
    }

    /// <summary>Of all nodes, each with what it was told up to the end.</summary>
    private IEnumerable<RuntimeProbe> Probes()
    {
        foreach (var probe in _servers.Nodes.Select(node => node.Probe).OfType<RuntimeProbe>())
        {
            probe.CatchUp(Last.Time);
            yield return probe;
        }
    }

    private static double Longest(IEnumerable<TimeSpan> lengths) => lengths.DefaultIfEmpty().Max().TotalMilliseconds;

    private Reading Read() => new(
        Stopwatch.GetTimestamp(),
        TimeProvider.System.GetUtcNow().UtcDateTime,
        _servers.CpuSeconds,
        _servers.DatabaseSeconds,
        ProcFs.CpuSeconds("self"),
        ProcFs.BusySeconds().Sum());

    private readonly record struct Reading(long Ticks, DateTime Time, double ServerSeconds, double DatabaseSeconds, double LoadSeconds, double MachineSeconds);
}
