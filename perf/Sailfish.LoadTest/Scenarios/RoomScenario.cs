using System.CommandLine;
using System.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.Protocol.Bodies;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>One room, many members: how many deliveries a second, and how late the last member has a message.</summary>
internal sealed class RoomScenario(RoomOptions options) : IScenario
{
    private const long FirstUser = 1_000_000;

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    public string Name => "room";

    public string Parameters => options.ToString();

    internal static Command Command()
    {
        var members = new Option<int>("--members") { Description = "Members, senders included", DefaultValueFactory = _ => 10_000 };
        var senders = new Option<int>("--senders") { Description = "Members that send", DefaultValueFactory = _ => 1 };
        var seconds = new Option<int>("--seconds") { Description = "Measured period", DefaultValueFactory = _ => 10 };
        var warmUp = new Option<int>("--warm-up") { Description = "Seconds of load before it", DefaultValueFactory = _ => 3 };
        var frame = new Option<int>("--frame") { Description = "Bytes of the frame that a sender sends", DefaultValueFactory = _ => 128 };
        var window = new Option<int>("--window") { Description = "Messages under way, all senders together", DefaultValueFactory = _ => 64 };
        var loop = new Option<RoomLoop>("--loop")
        {
            Description = "When a message is no longer under way: when the last member has it, or when it is receipted",
            DefaultValueFactory = _ => RoomLoop.Delivered,
        };
        var rate = new Option<double>("--rate") { Description = "Messages a second instead of a window; 0 = saturation" };
        var command = new Command("room", "Messages to one room with many members")
        {
            members, senders, seconds, warmUp, frame, window, loop, rate,
        };
        ScenarioCommand.Bind(command, (parsed, settings) =>
        {
            var options = new RoomOptions
            {
                Members = parsed.GetValue(members),
                Senders = parsed.GetValue(senders),
                Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                Frame = parsed.GetValue(frame),
                Window = parsed.GetValue(window),
                Loop = parsed.GetValue(loop),
                Rate = parsed.GetValue(rate),
            };
            return [(new RoomScenario(options), settings)];
        });
        return command;
    }

    public void Run(ServerProcess server, Fleet fleet, ScenarioResult result)
    {
        var board = new RoomBoard(options.Members - 1);
        RoomMember[] members = [.. Enumerable.Range(0, options.Members).Select(i => new RoomMember(fleet, board, FirstUser + i, options.Frame))];
        fleet.LogIn(members);

        var pump = new RoomPump(options, board, members.AsMemory(0, options.Senders));
        Drive(fleet, pump, board, options.WarmUp, "warming up");
        var cpu = new CpuMeter(server);
        var (deliveries, bytes, sent) = (board.Deliveries, fleet.Poller.BytesReceived, board.Sent);
        var reads = fleet.Poller.Reads;
        var from = Stopwatch.GetTimestamp();
        Drive(fleet, pump, board, options.Period, "sending");
        var to = Stopwatch.GetTimestamp();
        var elapsed = Stopwatch.GetElapsedTime(from, to).TotalSeconds;
        (deliveries, bytes, sent) = (board.Deliveries - deliveries, fleet.Poller.BytesReceived - bytes, board.Sent - sent);

        result.Add("deliveries", deliveries / elapsed, "/s");
        result.Add("messages sent", sent / elapsed, "/s");
        result.Add("wire", bytes / elapsed / 1e6, "MB/s");
        result.Add("bytes per delivery", deliveries == 0 ? 0 : bytes / (double)deliveries, "bytes");
        result.Add("deliveries per read", deliveries / (double)Math.Max(1, fleet.Poller.Reads - reads), "");
        cpu.Report(result);
        Drain(fleet, board, members);
        board.Latencies(from, to).Report(result, "until the last member has it");
        ReportLoss(fleet, board, members, result);
    }

    private static void Drive(Fleet fleet, RoomPump pump, RoomBoard board, TimeSpan period, string activity)
    {
        var progress = new Progress(activity);
        var (last, lastAt) = (board.Deliveries, Stopwatch.GetTimestamp());
        var start = lastAt;
        while (Stopwatch.GetElapsedTime(start) < period)
        {
            pump.Send();
            fleet.Poll(1);
            progress.Tick(() =>
            {
                var rate = (board.Deliveries - last) / Stopwatch.GetElapsedTime(lastAt).TotalSeconds;
                (last, lastAt) = (board.Deliveries, Stopwatch.GetTimestamp());
                return $"{rate:N0} deliveries/s, {board.UnderWay} messages under way";
            });
        }
    }

    /// <summary>Waits until every member has everything, or until nothing has come for a while to those that were skipped.</summary>
    private static void Drain(Fleet fleet, RoomBoard board, RoomMember[] members)
    {
        var progress = new Progress("draining");
        fleet.PollUntil(
            () =>
            {
                progress.Tick(() => $"{board.UnderWay} messages under way");
                return board.Receipts == board.Sent && (board.UnderWay == 0 || Array.TrueForAll(members, m => m.IsBehind || m.HasAll));
            },
            DrainLimit);
    }

    private static void ReportLoss(Fleet fleet, RoomBoard board, RoomMember[] members, ScenarioResult result)
    {
        var lost = members.Where(m => !m.IsBehind).Sum(m => Math.Max(0, m.Missing));
        // More than the others sent: the sender got its own message, which goes to its other connections only.
        var own = members.Sum(m => Math.Max(0, -m.Missing));
        var duplicates = members.Sum(m => m.Duplicates);
        var gaps = members.Sum(m => m.Gaps);
        var unreceipted = board.Sent - board.Receipts;
        result.Add("lost", lost, "deliveries");
        result.Add("gaps", gaps, "");
        result.Add("duplicates", duplicates, "");
        result.Add("told behind", fleet.Errors(ErrorWords.Behind), "times");
        result.Add("members behind", members.Count(m => m.IsBehind), "");
        result.Add("skipped for members behind", members.Where(m => m.IsBehind).Sum(m => m.Missing), "deliveries");
        result.FailIf(lost > 0, $"{lost} deliveries are lost");
        result.FailIf(gaps > 0, $"{gaps} gaps that the server did not tell");
        result.FailIf(duplicates > 0, $"{duplicates} duplicates");
        result.FailIf(own > 0, $"{own} messages came back to the connection that sent them");
        result.FailIf(unreceipted > 0, $"{unreceipted} messages without a receipt");
    }
}
