using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.Protocol.Bodies;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What became of the messages that a member should have and has not: each must have been told.</summary>
internal static class RoomLosses
{
    internal static void Report(Fleet fleet, RoomTotals totals, RoomMember[] members, ScenarioResult result)
    {
        var lost = members.Where(m => m.IsOpen && !m.IsBehind).Sum(m => Math.Max(0, m.Missing));
        // More than the others sent: the sender got its own message, which goes to its other connections only.
        var own = members.Sum(m => Math.Max(0, -m.Missing));
        var duplicates = members.Sum(m => m.Duplicates);
        var gaps = members.Sum(m => m.Gaps);
        var unreceipted = totals.Sent - totals.Receipts;
        result.Add("lost", lost, "deliveries");
        result.Add("gaps", gaps, "");
        result.Add("duplicates", duplicates, "");
        result.Add("told behind", fleet.Errors(ErrorWords.Behind), "times");
        ReportBehind([.. members.Where(m => !m.IsSlow)], "", result);
        if (Array.Exists(members, m => m.IsSlow))
        {
            ReportBehind([.. members.Where(m => m.IsSlow)], "slow ", result);
            result.Add("slow members cut off", totals.SlowCutOff, "");
            if (totals.SlowCutOff == 0 && !Array.Exists(members, m => m.IsSlow && m.IsBehind))
                result.Note += ", too short: no slow member fell behind";
        }

        result.FailIf(lost > 0, $"{lost} deliveries are lost");
        result.FailIf(gaps > 0, $"{gaps} gaps that the server did not tell");
        // Protocol 1 is sent again what it has not acked for 4 s; its clients tell repeats by the msgId.
        result.FailIf(duplicates > 0 && fleet.Transport.Protocol != 1, $"{duplicates} duplicates");
        result.FailIf(own > 0, $"{own} messages came back to the connection that sent them");
        result.FailIf(unreceipted > 0, $"{unreceipted} messages without a receipt");
    }

    private static void ReportBehind(RoomMember[] members, string kind, ScenarioResult result)
    {
        result.Add($"{kind}members behind", members.Count(m => m.IsBehind), "");
        result.Add($"skipped for {kind}members behind", members.Where(m => m.IsBehind).Sum(m => m.Missing), "deliveries");
    }
}
