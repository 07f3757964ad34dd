using System.Diagnostics.Metrics;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Audit;

/// <summary>Counts every event, also those whose line was left out.</summary>
internal sealed class AuditMetrics
{
    private readonly Counter<long> _events;

    public AuditMetrics(IMeterFactory meters) =>
        _events = meters.Create(SailfishMeter.Name).CreateCounter<long>(
            "sailfish.audit.events", "{event}", "Sign-ins, refusals, moderation and changes, by what and result");

    public void Count(string what, string result) =>
        _events.Add(1, new KeyValuePair<string, object?>("what", what), new KeyValuePair<string, object?>("result", result));
}
