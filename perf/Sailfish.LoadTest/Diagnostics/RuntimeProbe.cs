using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Sailfish.LoadTest.Diagnostics;

/// <summary>
/// Listens to a .NET process over its diagnostics port: its collector's pauses as they happen, and twice a second the
/// few metrics that are asked for. The process does nothing for it per message.
/// </summary>
internal sealed class RuntimeProbe : IDisposable
{
    private const string MetricsProvider = "System.Diagnostics.Metrics";
    private const string Allocated = "dotnet.gc.heap.total_allocated";
    private const string HeapSize = "dotnet.gc.last_collection.heap.size";
    private const string BatchSize = "sailfish.log.batch.size";
    private const string FramesSent = "sailfish.cluster.frames.sent";

    /// <summary>Keyword TimeSeriesValues of the metrics provider.</summary>
    private const long TimeSeriesValues = 0x2;

    private const int BufferMiB = 16;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReaderEndLimit = TimeSpan.FromSeconds(5);

    private readonly DiagnosticsClient _client;
    private readonly EventPipeSession _session;
    private readonly Thread _reader;
    private readonly Lock _lock = new();
    private readonly List<RuntimeSample> _samples = [];
    private readonly List<RuntimeSample> _frames = [];
    private readonly List<CommitSample> _commits = [];
    private readonly List<GcPause> _pauses = [];
    private readonly Dictionary<string, double> _heapByGeneration = [];
    private DateTime? _suspendedAt;
    private bool _isFullBlocking;

    internal RuntimeProbe(int processId)
    {
        _client = new DiagnosticsClient(processId);
        _session = _client.StartEventPipeSession(Providers(), requestRundown: false, BufferMiB);
        _reader = new Thread(Read) { IsBackground = true, Name = "runtime-probe" };
        _reader.Start();
    }

    /// <summary>Bytes of managed objects that the newest collection left; 0 before the first.</summary>
    internal long HeapBytes
    {
        get
        {
            lock (_lock)
                return (long)_heapByGeneration.Values.Sum();
        }
    }

    /// <summary>Everything that happened up to <paramref name="time"/> is known after this.</summary>
    internal void CatchUp(DateTime time)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < CatchUpLimit && _reader.IsAlive)
        {
            lock (_lock)
            {
                if (_samples.Count > 0 && _samples[^1].At >= time)
                    return;
            }

            _reader.Join(Interval / 5);
        }
    }

    /// <summary>Makes the process collect everything, and waits until <see cref="HeapBytes"/> tells of it.</summary>
    internal void CollectGarbage()
    {
        var everything = new EventPipeProvider(ClrTraceEventParser.ProviderName, EventLevel.Informational, (long)ClrTraceEventParser.Keywords.GCHeapCollect);
        using (_client.StartEventPipeSession([everything], requestRundown: false, BufferMiB))
        {
            // Opening the session is what asks for the collection.
        }

        CatchUp(TimeProvider.System.GetUtcNow().UtcDateTime + (Interval * 2));
    }

    /// <summary>Bytes that the process allocates a second, between the first and the last sample of a period.</summary>
    internal double AllocationRate(DateTime from, DateTime to) => Rate(_samples, from, to);

    /// <summary>Frames that the bus between nodes takes from the process a second; not a number when it has sent none.</summary>
    internal double FrameRate(DateTime from, DateTime to) => Rate(_frames, from, to);

    internal IReadOnlyList<GcPause> Pauses(DateTime from, DateTime to)
    {
        lock (_lock)
            return _pauses.FindAll(p => p.At >= from && p.At <= to);
    }

    /// <summary>Writes in one transaction of the log, on average; not a number when there was none.</summary>
    internal double MeanCommitBatch(DateTime from, DateTime to)
    {
        lock (_lock)
        {
            var within = _commits.FindAll(c => c.At >= from && c.At <= to);
            return within.Sum(c => c.Writes) / within.Sum(c => c.Commits);
        }
    }

    public void Dispose()
    {
        // Of a process that has ended the reader has met the end already.
        _session.Dispose();
        _reader.Join(ReaderEndLimit);
    }

    private static EventPipeProvider[] Providers() =>
    [
        new(ClrTraceEventParser.ProviderName, EventLevel.Informational, (long)ClrTraceEventParser.Keywords.GC),
        new(MetricsProvider, EventLevel.Informational, TimeSeriesValues, new Dictionary<string, string>
        {
            ["SessionId"] = Guid.NewGuid().ToString(),
            ["Metrics"] = $"System.Runtime\\{Allocated},System.Runtime\\{HeapSize},Sailfish\\{BatchSize},Sailfish\\{FramesSent}",
            ["RefreshInterval"] = Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            ["MaxTimeSeries"] = "100",
            ["MaxHistograms"] = "10",
        }),
    ];

    private void Read()
    {
        try
        {
            using var source = new EventPipeEventSource(_session.EventStream);
            source.Clr.GCSuspendEEStart += OnSuspend;
            source.Clr.GCStart += OnCollection;
            source.Clr.GCRestartEEStop += OnRestart;
            source.Dynamic.AddCallbackForProviderEvent(MetricsProvider, "CounterRateValuePublished", OnCounter);
            source.Dynamic.AddCallbackForProviderEvent(MetricsProvider, "UpDownCounterRateValuePublished", OnUpDownCounter);
            source.Dynamic.AddCallbackForProviderEvent(MetricsProvider, "HistogramValuePublished", OnHistogram);
            source.Process();
        }
#pragma warning disable CA1031 // the process may end, or the session be closed, in the middle of an event
        catch (Exception)
#pragma warning restore CA1031
        {
            // What was read so far stays.
        }
    }

    private void OnSuspend(GCSuspendEETraceData data)
    {
        // Threads are also stopped for other reasons than the collector.
        var isForCollector = data.Reason is GCSuspendEEReason.SuspendForGC or GCSuspendEEReason.SuspendForGCPrep;
        (_suspendedAt, _isFullBlocking) = (isForCollector ? data.TimeStamp : null, false);
    }

    private void OnCollection(GCStartTraceData data) =>
        _isFullBlocking |= data.Depth == 2 && data.Type == GCType.NonConcurrentGC;

    private void OnRestart(GCNoUserDataTraceData data)
    {
        if (_suspendedAt is not { } suspendedAt)
            return;
        lock (_lock)
            _pauses.Add(new GcPause(data.TimeStamp.ToUniversalTime(), data.TimeStamp - suspendedAt, _isFullBlocking));
    }

    private double Rate(List<RuntimeSample> samples, DateTime from, DateTime to)
    {
        lock (_lock)
        {
            var within = samples.FindAll(s => s.At >= from && s.At <= to);
            return within.Count < 2
                ? double.NaN
                : (within[^1].Sum - within[0].Sum) / (within[^1].At - within[0].At).TotalSeconds;
        }
    }

    private void OnCounter(TraceEvent data)
    {
        if (Text(data, "value") is not { Length: > 0 } value)
            return;
        var sample = new RuntimeSample(data.TimeStamp.ToUniversalTime(), long.Parse(value, CultureInfo.InvariantCulture));
        lock (_lock)
        {
            switch (Text(data, "instrumentName"))
            {
                case Allocated: _samples.Add(sample); break;
                case FramesSent: _frames.Add(sample); break;
                default: break;
            }
        }
    }

    private void OnUpDownCounter(TraceEvent data)
    {
        if (Text(data, "instrumentName") != HeapSize || Text(data, "value") is not { Length: > 0 } value)
            return;
        lock (_lock)
            _heapByGeneration[Text(data, "tags")] = double.Parse(value, CultureInfo.InvariantCulture);
    }

    private void OnHistogram(TraceEvent data)
    {
        if (Text(data, "instrumentName") != BatchSize)
            return;
        var count = Convert.ToInt64(data.PayloadByName("count"), CultureInfo.InvariantCulture);
        var sum = Convert.ToDouble(data.PayloadByName("sum"), CultureInfo.InvariantCulture);
        lock (_lock)
            _commits.Add(new CommitSample(data.TimeStamp.ToUniversalTime(), count, sum));
    }

    private static string Text(TraceEvent data, string name) => data.PayloadByName(name) as string ?? "";
}
