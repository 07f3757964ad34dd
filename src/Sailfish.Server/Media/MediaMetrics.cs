using System.Diagnostics.Metrics;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Media;

/// <summary>What video does.</summary>
internal sealed class MediaMetrics
{
    private readonly Counter<long> _bytesIn;
    private readonly Counter<long> _bytesOut;
    private readonly Counter<long> _skips;
    private readonly Counter<long> _refused;
    private readonly UpDownCounter<long> _relays;
    private long _gopBytes;

    public MediaMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SailfishMeter.Name);
        _bytesIn = meter.CreateCounter<long>("sailfish.media.in.bytes", "By", "Bytes of video and sound that publishers sent");
        _bytesOut = meter.CreateCounter<long>("sailfish.media.out.bytes", "By", "Bytes of streams that viewers took");
        _skips = meter.CreateCounter<long>("sailfish.media.skips", "{skip}", "Times that a late viewer went on with a newer keyframe");
        _refused = meter.CreateCounter<long>("sailfish.media.refused", "{request}", "Publishers and viewers that were not let in, by reason");
        _relays = meter.CreateUpDownCounter<long>("sailfish.media.relays", "{stream}", "Streams that are fetched from other nodes");
        meter.CreateObservableUpDownCounter("sailfish.media.gop.bytes", () => Interlocked.Read(ref _gopBytes), "By", "Bytes that are kept for viewers who come");
        meter.CreateObservableUpDownCounter("sailfish.media.streams", () => Table?.Count ?? 0, "{stream}", "Streams");
        meter.CreateObservableUpDownCounter("sailfish.media.viewers", () => Table?.Viewers ?? 0, "{viewer}", "Viewers of all streams");
        meter.CreateObservableUpDownCounter("sailfish.media.publisher.away", () => Table?.Away ?? 0, "{stream}", "Streams whose publisher was lost and may come back");
    }

    /// <summary>What is counted at each look.</summary>
    public StreamTable? Table { private get; set; }

    public void BytesIn(int count) => _bytesIn.Add(count);

    public void BytesOut(int count) => _bytesOut.Add(count);

    public void Skipped() => _skips.Add(1);

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Relays(int more) => _relays.Add(more);

    public void GopBytes(int more) => Interlocked.Add(ref _gopBytes, more);
}
