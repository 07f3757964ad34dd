using System.CommandLine;
using Sailfish.LoadTest.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Sessions that only heartbeat: what one costs in memory, and all of them in CPU.</summary>
internal sealed class IdleScenario(int sessions, TimeSpan period) : ServerScenario
{
    private const long FirstUser = 1_000_000;

    /// <summary>Sessions that the tool holds.</summary>
    internal const int MaxSessions = CheckedOption.MaxConnections - MostWarmUpSessions;

    /// <summary>What the server has open beside sessions.</summary>
    private const int OtherFiles = 500;

    private const int MostWarmUpSessions = 200;
    private const int WarmUpRounds = 20;

    private static readonly TimeSpan WarmUpRound = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan MemorySample = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(15);

    public override string Name => "idle";

    protected override string Options => $"--sessions {sessions} --seconds {period.TotalSeconds:F0}";

    internal static Command Command()
    {
        var count = CheckedOption.Number("--sessions", "Sessions", 10_000, 10, MaxSessions);
        var seconds = CheckedOption.Number("--seconds", "How long they heartbeat; at 30 each has done it once", 30, 1, CheckedOption.MaxSeconds);
        var command = new Command("idle", "Memory of sessions that do nothing, CPU of their heartbeats") { count, seconds };
        ScenarioCommand.Bind(command, (parsed, settings, _) =>
            [new Step(Keys.None, new IdleScenario(parsed.GetValue(count), TimeSpan.FromSeconds(parsed.GetValue(seconds))), settings)]);
        return command;
    }

    protected override void Run(Servers servers, Fleet fleet, ScenarioResult result)
    {
        var server = servers.First;
        if (sessions + OtherFiles > ProcFs.OpenFilesLimit())
            throw new LoadTestException($"{sessions} sessions: the server may have {ProcFs.OpenFilesLimit()} files open. Raise it with `ulimit -n`.");
        // These stay, so that code, buffers and tables that the first sessions bring in are not counted,
        // and nothing that the counted ones need is left over from closed ones.
        var warmUp = Math.Clamp(sessions / 10, 10, MostWarmUpSessions);
        var first = Users(fleet, 0, warmUp);
        fleet.LogIn(first);
        WarmUpHeartbeats(fleet, first);
        var before = SettledMemory(server, fleet);
        var heapBefore = server.Probe?.HeapBytes;
        var kernelBefore = ProcFs.KernelBytes();

        fleet.LogIn(Users(fleet, warmUp, sessions));
        var loggedIn = SettledMemory(server, fleet);

        var meter = new PeriodMeter(servers);
        var answered = fleet.HeartbeatsAnswered;
        Heartbeat(fleet);
        meter.End();
        answered = fleet.HeartbeatsAnswered - answered;
        var after = ProcFs.ResidentBytes(server.Id);
        var kernelAfter = ProcFs.KernelBytes();
        server.Probe?.CollectGarbage();

        result.Add("memory before", before / 1048576.0, "MiB");
        result.Add("memory after", after / 1048576.0, "MiB");
        result.Add("memory per session, logged in", (loggedIn - before) / (double)sessions, "bytes");
        result.Add(MetricNames.MemoryPerSession, (after - before) / (double)sessions, "bytes");
        if (server.Probe?.HeapBytes - heapBefore is { } live)
            result.Add("live managed objects per session", live / (double)sessions, "bytes");
        result.Add("kernel memory per session, both sides", (kernelAfter - kernelBefore) / (double)sessions, "bytes");
        result.Add("heartbeats answered", answered / meter.Elapsed, "/s");
        meter.ReportCpu(result);
        var unanswered = fleet.HeartbeatsSent - fleet.HeartbeatsAnswered;
        result.FailIf(fleet.Transport.AnswersHeartbeats && unanswered > 0, $"{unanswered} heartbeats are not answered");
    }

    private static Session[] Users(Fleet fleet, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => new Session(fleet, FirstUser + i))];

    /// <summary>Enough heartbeats that their code is compiled for good: it is no session's memory.</summary>
    private static void WarmUpHeartbeats(Fleet fleet, Session[] sessions)
    {
        for (var i = 0; i < WarmUpRounds; i++)
        {
            foreach (var session in sessions)
                session.SendHeartbeat();
            fleet.PollFor(WarmUpRound);
        }
    }

    private void Heartbeat(Fleet fleet)
    {
        var progress = new Progress("heartbeats");
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < period)
        {
            fleet.Poll(10);
            progress.Tick(() => $"{fleet.HeartbeatsAnswered} answered");
        }

        fleet.PollUntil(() => fleet.HeartbeatsAnswered >= fleet.HeartbeatsSent || !fleet.Transport.AnswersHeartbeats, () => fleet.HeartbeatsAnswered);
    }

    /// <summary>The server's memory once four samples in a row are within a percent: its collector has done its work.</summary>
    private static long SettledMemory(ServerProcess server, Fleet fleet)
    {
        var samples = new List<long>();
        var start = TimeProvider.System.GetTimestamp();
        do
        {
            fleet.PollFor(MemorySample);
            samples.Add(ProcFs.ResidentBytes(server.Id));
        }
        while (!IsSteady(samples) && TimeProvider.System.GetElapsedTime(start) < SettleLimit);
        new Progress("server memory").End($"{samples[^1] / 1048576.0:F1} MiB");
        return samples[^1];
    }

    private static bool IsSteady(List<long> samples) =>
        samples.Count >= 4 && samples.TakeLast(4).Max() - samples.TakeLast(4).Min() < samples[^1] / 100;
}
