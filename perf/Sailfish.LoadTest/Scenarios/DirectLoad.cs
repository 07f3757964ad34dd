using System.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.Protocol.Bodies;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The senders and receivers of <see cref="DirectScenario"/>, logged in.</summary>
internal sealed class DirectLoad(
    Servers servers, Fleet fleet, DirectPump pump, DirectBoard board, DirectSender[] senders, DirectReceiver[] receivers) : ILoad
{
    /// <summary>Whatever is sent a second time because an ack went unheard comes after 4 s.</summary>
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(5);

    /// <summary>What has come meanwhile is read in less.</summary>
    private static readonly TimeSpan LastRead = TimeSpan.FromMilliseconds(100);

    private PeriodMeter? _meter;
    private long _receipts;
    private long _deliveries;
    private long _restedAt;

    public void Drive(TimeSpan period, string activity)
    {
        pump.Start();
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

    public void Rest()
    {
        pump.Stop();
        fleet.PollUntil(() => board.Receipts >= board.Sent && board.Deliveries >= board.Sent, () => board.Receipts + board.Deliveries);
        _restedAt = Stopwatch.GetTimestamp();
    }

    public void BeginMeasuring()
    {
        if (_meter is null)
            _meter = new PeriodMeter(servers);
        else
            _meter.Resume();
        (_receipts, _deliveries) = (_receipts - board.Receipts, _deliveries - board.Deliveries);
        board.StartMeasuring();
    }

    public void EndMeasuring()
    {
        _meter!.End();
        board.StopMeasuring();
        (_receipts, _deliveries) = (_receipts + board.Receipts, _deliveries + board.Deliveries);
    }

    public void End(ScenarioResult result)
    {
        var meter = _meter!;
        result.Add(MetricNames.Receipts, _receipts / meter.Elapsed, "/s");
        result.Add(MetricNames.Deliveries, _deliveries / meter.Elapsed, "/s");
        meter.ReportCpu(result);
        if (_restedAt == 0)
            Rest();
        while (Stopwatch.GetElapsedTime(_restedAt) < Repeat)
            fleet.Poll(10);
        fleet.PollFor(LastRead);

        meter.ReportCost(result, _deliveries, "delivery");
        meter.ReportCommits(result);
        board.ReceiptLatencies.Report(result, MetricNames.Receipt);
        board.DeliveryLatencies.Report(result, MetricNames.Delivery);
        ReportLoss(result);
    }

    private void ReportLoss(ScenarioResult result)
    {
        var unreceipted = board.Sent - board.Receipts;
        // Whoever is told that he is behind finds the rest by SYNC, which this load does not do.
        var lost = receivers.Where(r => !r.IsBehind).Sum(r => r.Missing);
        var gaps = receivers.Where(r => !r.IsBehind).Sum(r => r.Gaps);
        var duplicates = receivers.Sum(r => r.Duplicates);
        var wrong = senders.Sum(s => s.WrongReceipts);
        result.Add("sent", board.Sent, "messages");
        result.Add("lost", lost, "deliveries");
        result.Add("gaps", gaps, "");
        result.Add("duplicates", duplicates, "");
        result.Add("told behind", fleet.Errors(ErrorWords.Behind), "times");
        result.FailIf(unreceipted > 0, $"{unreceipted} messages without a receipt");
        result.FailIf(lost > 0, $"{lost} deliveries are lost");
        result.FailIf(gaps > 0, $"{gaps} gaps");
        result.FailIf(duplicates > 0, $"{duplicates} duplicates");
        result.FailIf(wrong > 0, $"{wrong} receipts out of order, twice, or with a wrong seq");
    }
}
