using System.CommandLine;
using System.Diagnostics;
using Sailfish.LoadTest.Bodies;
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
        var pairs = CheckedOption.Number("--pairs", "Pairs of a sender and a receiver", 100, 1, CheckedOption.MaxConnections / 2);
        var seconds = CheckedOption.Seconds(10);
        var warmUp = CheckedOption.WarmUp();
        var window = CheckedOption.Number("--window", "Messages without receipt that a sender has under way", 32, 1, 10_000);
        var rate = CheckedOption.Number("--rate", "Messages a second of all senders instead of a window; 0 = saturation", 0.0, 0, 1_000_000);
        var frame = CheckedOption.Frame();
        var ack = new Option<DirectAck>("--ack")
        {
            Description = "Whether receivers send an ACK for each message, or one for all that a read brought",
            DefaultValueFactory = _ => DirectAck.Each,
        };
        var command = new Command("direct", "Durable one-to-one messages with receipts and acks, and the raw store beside them")
        {
            pairs, seconds, warmUp, window, rate, frame, ack,
        };
        ScenarioCommand.Bind(command, (parsed, settings, results) =>
        {
            var options = new DirectOptions
            {
                Pairs = parsed.GetValue(pairs),
                Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                Window = parsed.GetValue(window),
                Rate = parsed.GetValue(rate),
                Frame = parsed.GetValue(frame),
                Ack = parsed.GetValue(ack),
            };
            return options.Rate > 0
                ? [new Step(Keys.DirectRate, new DirectScenario(options), settings)]
                : Saturated(options, settings, results);
        });
        return command;
    }

    /// <summary>As many messages as the window lets through, and then the raw store with the same batches.</summary>
    internal static IEnumerable<Step> Saturated(DirectOptions options, LoadSettings settings, ResultSet results)
    {
        yield return new Step(Keys.Direct, new DirectScenario(options), settings);
        var batch = results.Value(Keys.Direct, MetricNames.CommitBatch);
        if (double.IsFinite(batch))
            yield return new Step(Keys.Store, new StoreScenario((int)Math.Round(batch), options.Pairs, options.Frame, options.Period), settings);
    }

    protected override void Run(ServerProcess server, Fleet fleet, ScenarioResult result)
    {
        if (fleet.Transport.Protocol == 1)
            throw new LoadTestException("direct: receivers ack by seq, which sessions of protocol 1 are not given.");
        var board = new DirectBoard();
        DirectSender[] senders = [.. Enumerable.Range(0, options.Pairs).Select(i =>
            new DirectSender(fleet, board, FirstSender + i, MessageTemplate.ToUser(FirstReceiver + i, options.Frame)))];
        DirectReceiver[] receivers = [.. senders.Select((s, i) => new DirectReceiver(fleet, board, s, FirstReceiver + i, options.Ack))];
        fleet.LogIn([.. receivers, .. senders]);

        var pump = new DirectPump(options, senders);
        pump.Start();
        Drive(fleet, pump, board, options.WarmUp, "warming up");
        var meter = new PeriodMeter(server);
        var (receipts, deliveries) = (board.Receipts, board.Deliveries);
        board.StartMeasuring();
        Drive(fleet, pump, board, options.Period, "sending");
        meter.End();
        board.StopMeasuring();
        (receipts, deliveries) = (board.Receipts - receipts, board.Deliveries - deliveries);
        result.Add(MetricNames.Receipts, receipts / meter.Elapsed, "/s");
        result.Add(MetricNames.Deliveries, deliveries / meter.Elapsed, "/s");
        meter.ReportCpu(result);
        pump.Stop();
        fleet.PollUntil(() => board.Receipts >= board.Sent && board.Deliveries >= board.Sent, () => board.Receipts + board.Deliveries);
        // Whatever is sent a second time because an ack went unheard comes after 4 s.
        fleet.PollFor(TimeSpan.FromSeconds(5));

        meter.ReportCost(result, deliveries, "delivery");
        meter.ReportCommits(result);
        board.ReceiptLatencies.Report(result, MetricNames.Receipt);
        board.DeliveryLatencies.Report(result, MetricNames.Delivery);
        ReportLoss(board, senders, receivers, result);
    }

    private static void Drive(Fleet fleet, DirectPump pump, DirectBoard board, TimeSpan period, string activity)
    {
        var progress = new Progress(activity);
        var (last, lastAt) = (board.Receipts, Stopwatch.GetTimestamp());
        var start = lastAt;
        while (Stopwatch.GetElapsedTime(start) < period)
        {
            pump.Send();
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
