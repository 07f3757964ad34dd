using System.Diagnostics;
using System.Globalization;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Rooms and their members: how many deliveries a second, and how late the last member has a message.</summary>
internal sealed class RoomScenario(RoomOptions options) : ServerScenario
{
    private const long FirstUser = 1_000_000;

    /// <summary>What a member who does not read lets the kernel hold: little, so that the server soon notices.</summary>
    private const int SlowReceiveBuffer = 4096;

    public override string Name => options switch
    {
        { SlowPercent: > 0 } => "slow",
        { Rooms: > 1 } => "rooms",
        _ => "room",
    };

    protected override string Options => options.ToString();

    protected override void Run(ServerProcess server, Fleet fleet, ScenarioResult result)
    {
        var totals = new RoomTotals();
        var boards = Enumerable.Range(0, options.Rooms).Select(i => Board(totals, i, fleet.Transport.Protocol)).ToArray();
        var members = boards.SelectMany(board => Members(fleet, board)).ToArray();
        fleet.LogIn(members);
        foreach (var slow in members.Where(m => m.IsSlow))
            slow.IsPaused = true;

        var pump = new RoomPump(options, totals, Senders(members));
        Drive(fleet, pump, totals, options.WarmUp, "warming up");
        var (deliveries, bytes, reads, sent) = (totals.Deliveries, fleet.Poller.BytesReceived, fleet.Poller.Reads, totals.Sent);
        var meter = new PeriodMeter(server);
        Drive(fleet, pump, totals, options.Period, "sending");
        meter.End();
        (deliveries, bytes, reads, sent) =
            (totals.Deliveries - deliveries, fleet.Poller.BytesReceived - bytes, fleet.Poller.Reads - reads, totals.Sent - sent);

        result.Add(MetricNames.Deliveries, deliveries / meter.Elapsed, "/s");
        result.Add("messages sent", sent / meter.Elapsed, "/s");
        result.Add("wire", bytes / meter.Elapsed / 1e6, "MB/s");
        result.Add("bytes per delivery", deliveries == 0 ? 0 : bytes / (double)deliveries, "bytes");
        result.Add("deliveries per read", deliveries / (double)Math.Max(1, reads), "");
        meter.ReportCpu(result);
        Drain(fleet, totals, members);
        meter.ReportCost(result, deliveries, "delivery");
        var latencies = new Latencies();
        foreach (var board in boards)
            board.AddLatencies(latencies, meter.StartedAt, meter.EndedAt);
        latencies.Report(result, MetricNames.LastMember);
        RoomLosses.Report(fleet, totals, members, result);
    }

    /// <summary>Every member but the sender gets a message; nobody waits for those who do not read.</summary>
    private RoomBoard Board(RoomTotals totals, int index, int protocol)
    {
        var room = RoomOptions.FirstRoom + index;
        var firstUser = FirstUser + ((long)index * options.Members);
        var seqOfMessage = NumberScanner.SeqIn(string.Create(CultureInfo.InvariantCulture, $"r:{room}"), protocol);
        return new RoomBoard(totals, room, options.Members - 1 - options.SlowMembers, seqOfMessage)
        {
            Senders = (firstUser, firstUser + options.Senders),
        };
    }

    /// <summary>The first ones of a room send, the last ones are slow.</summary>
    private IEnumerable<RoomMember> Members(Fleet fleet, RoomBoard board) =>
        Enumerable.Range(0, options.Members).Select(i =>
        {
            var isSlow = i >= options.Members - options.SlowMembers;
            return new RoomMember(fleet, board, board.Senders.First + i, options.Frame, isSlow) { ReceiveBuffer = isSlow ? SlowReceiveBuffer : 0 };
        });

    private RoomMember[] Senders(RoomMember[] members) =>
        [.. members.Where((_, i) => i % options.Members < options.Senders)];

    private static void Drive(Fleet fleet, RoomPump pump, RoomTotals totals, TimeSpan period, string activity)
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

    /// <summary>
    /// Waits until every member has everything or knows that it has not; those who did not read do so now, and are told.
    /// </summary>
    private static void Drain(Fleet fleet, RoomTotals totals, RoomMember[] members)
    {
        var progress = new Progress("draining");
        var reading = members.Where(m => !m.IsSlow).ToArray();
        fleet.PollUntil(
            () =>
            {
                progress.Tick(() => $"{totals.UnderWay} messages under way");
                return totals.Receipts == totals.Sent && (totals.UnderWay == 0 || Array.TrueForAll(reading, m => m.IsBehind || m.HasAll));
            },
            () => totals.Receipts + totals.Deliveries);
        var slow = members.Where(m => m.IsSlow && m.IsOpen).ToArray();
        foreach (var member in slow)
            fleet.Poller.Resume(member);
        fleet.PollUntil(() => Array.TrueForAll(slow, m => m.HasAll), () => slow.Sum(m => m.Missing));
    }
}
