using System.Diagnostics.Metrics;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Cluster;

/// <summary>What goes between the nodes.</summary>
internal sealed class ClusterMetrics
{
    private readonly Counter<long> _sent;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _received;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _losses;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _placesRead;
    private volatile BusHealth _health;

    public ClusterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SailfishMeter.Name);
        meter.CreateObservableGauge("sailfish.cluster.bus", () => (int)_health, "1", "1 while the bus between the nodes is up, 0 while it is away");
        _sent = meter.CreateCounter<long>("sailfish.cluster.frames.sent", "{frame}", "Frames that the bus took");
        _dropped = meter.CreateCounter<long>("sailfish.cluster.frames.dropped", "{frame}", "Frames that the bus did not take, by reason; the log has what they told");
        _received = meter.CreateCounter<long>("sailfish.cluster.frames.received", "{frame}", "Frames of other nodes");
        _refused = meter.CreateCounter<long>("sailfish.cluster.frames.refused", "{frame}", "Frames that could not be read, by reason");
        _losses = meter.CreateCounter<long>("sailfish.cluster.losses", "{loss}", "Times that frames to this node were missing, each of which is repaired from the log");
        _placesRead = meter.CreateCounter<long>("sailfish.cluster.messages.read", "{message}", "Messages that a frame of another node only named, and that were read from the log");
        _calls = meter.CreateCounter<long>("sailfish.cluster.calls", "{call}", "Questions to other nodes, by result");
    }

    public void Bus(BusHealth health) => _health = health;

    public void Sent(int frames) => _sent.Add(frames);

    public void Dropped(string reason, int frames = 1) => _dropped.Add(frames, new KeyValuePair<string, object?>("reason", reason));

    public void Received() => _received.Add(1);

    public void Refused(FrameFault fault) => Refused(FrameFaults.Word(fault));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void PlacesRead(int messages) => _placesRead.Add(messages);

    public void Lost() => _losses.Add(1);

    /// <summary>A question, and whether all who were asked have answered.</summary>
    public void Asked(string result) => _calls.Add(1, new KeyValuePair<string, object?>("result", result));
}
