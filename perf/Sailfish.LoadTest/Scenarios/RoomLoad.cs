using System.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The members of <see cref="RoomScenario"/>, logged in.</summary>
internal sealed class RoomLoad(Servers servers, Fleet fleet, RoomPump pump, RoomTotals totals, RoomBoard[] boards, RoomMember[] members) : ILoad
{
    /// <summary>What the kernel and the server held for a slow member comes without such a pause; what it was told is skipped never comes.</summary>
    private static readonly TimeSpan HeldComesWithin = TimeSpan.FromSeconds(2);

    private readonly RoomMember[] _reading = [.. members.Where(m => !m.IsSlow)];
    private PeriodMeter? _meter;
    private Counts _measured;
    private Counts _before;

    public void Drive(TimeSpan period, string activity)
    {
        var progress = new Progress(activity);
        var (last, lastAt) = (totals.Deliveries, Stopwatch.GetTimestamp());
        var start = lastAt;
        while (Stopwatch.GetElapsedTime(start) < period)
        {
            pump.Send();
            fleet.Poll(1);
            progress.Tick(() =>
            {
                var rate = (totals.Deliveries - last) / Stopwatch.GetElapsedTime(lastAt).TotalSeconds;
                (last, lastAt) = (totals.Deliveries, Stopwatch.GetTimestamp());
                return $"{rate:N0} deliveries/s, {totals.UnderWay} messages under way";
            });
        }
    }

    public void Rest()
    {
        pump.Rest();
        Drain();
    }

    public void BeginMeasuring()
    {
        if (_meter is null)
            _meter = new PeriodMeter(servers);
        else
            _meter.Resume();
        _before = Now();
    }

    public void EndMeasuring()
    {
        _meter!.End();
        _measured = _measured.Plus(Now().Minus(_before));
    }

    public void End(ScenarioResult result)
    {
        var meter = _meter!;
        result.Add(MetricNames.Deliveries, _measured.Deliveries / meter.Elapsed, "/s");
        result.Add("messages sent", _measured.Sent / meter.Elapsed, "/s");
        result.Add("wire", _measured.Bytes / meter.Elapsed / 1e6, "MB/s");
        result.Add("bytes per delivery", _measured.Deliveries == 0 ? 0 : _measured.Bytes / (double)_measured.Deliveries, "bytes");
        result.Add("deliveries per read", _measured.Deliveries / (double)Math.Max(1, _measured.Reads), "");
        meter.ReportCpu(result);
        Drain();
        LetSlowRead();
        meter.ReportCost(result, _measured.Deliveries, "delivery");
        ReportMessage(meter, result);
        var latencies = new Latencies();
        foreach (var (startedAt, endedAt) in meter.Turns)
        {
            foreach (var board in boards)
                board.AddLatencies(latencies, startedAt, endedAt);
        }

        latencies.Report(result, MetricNames.LastMember);
        RoomLosses.Report(fleet, totals, members, result);
    }

    /// <summary>What several nodes have to do for a message, however many get it.</summary>
    private void ReportMessage(PeriodMeter meter, ScenarioResult result)
    {
        if (servers.Nodes.Count == 1 || _measured.Sent == 0)
            return;
        meter.ReportShare(result, _measured.Sent, MetricNames.Message);
        meter.ReportFrames(result, _measured.Sent, MetricNames.Message);
    }

    private Counts Now() => new(totals.Deliveries, fleet.Poller.BytesReceived, fleet.Poller.Reads, totals.Sent);

    /// <summary>Waits until every member who reads has everything or knows that it has not.</summary>
    private void Drain()
    {
        var progress = new Progress("draining");
        fleet.PollUntil(
            () =>
            {
                progress.Tick(() => $"{totals.UnderWay} messages under way");
                return totals.Receipts == totals.Sent && (totals.UnderWay == 0 || Array.TrueForAll(_reading, m => m.IsBehind || m.HasAll));
            },
            () => totals.Receipts + totals.Deliveries);
    }

    /// <summary>Those who did not read do so now, and are told what they lack.</summary>
    private void LetSlowRead()
    {
        var slow = members.Where(m => m.IsSlow && m.IsOpen).ToArray();
        foreach (var member in slow)
            fleet.Poller.Resume(member);
        fleet.PollUntil(() => Array.TrueForAll(slow, m => m.HasAll), () => slow.Sum(m => m.Missing), HeldComesWithin);
    }

    private readonly record struct Counts(long Deliveries, long Bytes, long Reads, long Sent)
    {
        internal Counts Plus(Counts other) => new(Deliveries + other.Deliveries, Bytes + other.Bytes, Reads + other.Reads, Sent + other.Sent);

        internal Counts Minus(Counts other) => new(Deliveries - other.Deliveries, Bytes - other.Bytes, Reads - other.Reads, Sent - other.Sent);
    }
}
