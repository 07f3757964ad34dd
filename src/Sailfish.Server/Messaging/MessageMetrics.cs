using System.Diagnostics.Metrics;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Messaging;

/// <summary>What comes in.</summary>
internal sealed class MessageMetrics
{
    private readonly Counter<long> _received;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _risky;

    public MessageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SailfishMeter.Name);
        _received = meter.CreateCounter<long>("sailfish.messages.in", "{message}", "Messages received from clients");
        _refused = meter.CreateCounter<long>("sailfish.messages.refused", "{message}", "Messages refused, by error word");
        _risky = meter.CreateCounter<long>("sailfish.messages.risky", "{message}", "Messages that the content check refused or masked");
    }

    public void Received() => _received.Add(1);

    public void Refused(string error) => _refused.Add(1, new KeyValuePair<string, object?>("error", error));

    public void Risky(string action) => _risky.Add(1, new KeyValuePair<string, object?>("action", action));
}
