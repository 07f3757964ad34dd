using System.CommandLine;
using System.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>One-to-one messages, stored, receipted, delivered and acked.</summary>
internal sealed class DirectScenario(DirectOptions options) : ServerScenario
{
    private const long FirstSender = 1_000_000;
    private const long FirstReceiver = 2_000_000;

    public override string Name => "direct";

    protected override string Options => options.ToString();

    internal static Command Command()
    {
        var pairs = new Option<int>("--pairs") { Description = "Pairs of a sender and a receiver", DefaultValueFactory = _ => 100 };
        var seconds = new Option<int>("--seconds") { Description = "Measured period", DefaultValueFactory = _ => 10 };
        var warmUp = new Option<int>("--warm-up") { Description = "Seconds of load before it", DefaultValueFactory = _ => 3 };
        var window = new Option<int>("--window") { Description = "Messages without receipt that a sender has under way", DefaultValueFactory = _ => 32 };
        var frame = new Option<int>("--frame") { Description = "Bytes of the frame that a sender sends", DefaultValueFactory = _ => 128 };
        var ack = new Option<DirectAck>("--ack")
        {
            Description = "Whether receivers send an ACK for each message, or one for all that a read brought",
            DefaultValueFactory = _ => DirectAck.Each,
        };
        var command = new Command("direct", "Durable one-to-one messages with receipts and acks") { pairs, seconds, warmUp, window, frame, ack };
        ScenarioCommand.Bind(command, (parsed, settings, _) =>
        {
            var options = new DirectOptions
            {
                Pairs = parsed.GetValue(pairs),
                Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                Window = parsed.GetValue(window),
                Frame = parsed.GetValue(frame),
                Ack = parsed.GetValue(ack),
            };
            return [new Step("direct", new DirectScenario(options), settings)];
        });
        return command;
    }

    protected override void Run(ServerProcess server, Fleet fleet, ScenarioResult result)
    {
        var board = new DirectBoard();
        DirectSender[] senders = [.. Enumerable.Range(0, options.Pairs).Select(i =>
            new DirectSender(fleet, board, FirstSender + i, MessageTemplate.ToUser(FirstReceiver + i, options.Frame)))];
        DirectReceiver[] receivers = [.. senders.Select((s, i) => new DirectReceiver(fleet, board, s, FirstReceiver + i, options.Ack))];
        fleet.LogIn([.. receivers, .. senders]);

        foreach (var sender in senders)
            sender.Start(options.Window);
        Drive(fleet, board, options.WarmUp, "warming up");
        var meter = new PeriodMeter(server);
        var (receipts, deliveries) = (board.Receipts, board.Deliveries);
        board.StartMeasuring();
        Drive(fleet, board, options.Period, "sending");
        meter.End();
        board.StopMeasuring();
        result.Add("receipts", (board.Receipts - receipts) / meter.Elapsed, "/s");
        result.Add("deliveries", (board.Deliveries - deliveries) / meter.Elapsed, "/s");
        meter.ReportCpu(result);
        foreach (var sender in senders)
            sender.Stop();
        fleet.PollUntil(() => board.Receipts >= board.Sent && board.Deliveries >= board.Sent, () => board.Receipts + board.Deliveries);
        // Whatever is sent a second time because an ack went unheard comes after 4 s.
        fleet.PollFor(TimeSpan.FromSeconds(5));

        board.ReceiptLatencies.Report(result, "receipt");
        board.DeliveryLatencies.Report(result, "delivery");
        ReportLoss(board, senders, receivers, result);
    }

    private static void Drive(Fleet fleet, DirectBoard board, TimeSpan period, string activity)
    {
        var progress = new Progress(activity);
        var (last, lastAt) = (board.Receipts, Stopwatch.GetTimestamp());
        var start = lastAt;
        while (Stopwatch.GetElapsedTime(start) < period)
        {
            fleet.Poll(1);
            progress.Tick(() =>
            {
                var rate = (board.Receipts - last) / Stopwatch.GetElapsedTime(lastAt).TotalSeconds;
                (last, lastAt) = (board.Receipts, Stopwatch.GetTimestamp());
                return $"{rate:N0} receipts/s";
            });
        }
    }

    private static void ReportLoss(DirectBoard board, DirectSender[] senders, DirectReceiver[] receivers, ScenarioResult result)
    {
        var unreceipted = board.Sent - board.Receipts;
        var lost = receivers.Sum(r => r.Missing);
        var gaps = receivers.Sum(r => r.Gaps);
        var duplicates = receivers.Sum(r => r.Duplicates);
        var wrong = senders.Sum(s => s.WrongReceipts);
        result.Add("sent", board.Sent, "messages");
        result.Add("lost", lost, "deliveries");
        result.Add("gaps", gaps, "");
        result.Add("duplicates", duplicates, "");
        result.FailIf(unreceipted > 0, $"{unreceipted} messages without a receipt");
        result.FailIf(lost > 0, $"{lost} deliveries are lost");
        result.FailIf(gaps > 0, $"{gaps} gaps");
        result.FailIf(duplicates > 0, $"{duplicates} duplicates");
        result.FailIf(wrong > 0, $"{wrong} receipts out of order, twice, or with a wrong seq");
    }
}
