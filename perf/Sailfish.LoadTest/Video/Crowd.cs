using System.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Net;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Video;

/// <summary>One who publishes and many who watch, all on one thread.</summary>
internal sealed class Crowd : IDisposable
{
    /// <summary>What every viewer who reads has to have of the stream.</summary>
    internal const double LeastShare = 0.99;

    /// <summary>Viewers who wait for their first picture at a time.</summary>
    private const int UnderWay = 50;

    /// <summary>Of so many viewers, one is timed.</summary>
    private const int TimedOneIn = 10;

    /// <summary>With nothing coming.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Poller _poller = new();
    private readonly VideoTarget _target;
    private readonly Watch _watch;
    private readonly Publisher _publisher;
    private readonly List<Viewer> _readers = [];
    private readonly List<DeadViewer> _dead = [];
    private readonly Queue<DeadViewer> _cutDead = [];
    private readonly Latencies _first = new();
    private readonly Latencies _frames = new();
    private long _published;
    private long _cut;
    private bool _isMeasuring;
    private string? _fault;

    internal Crowd(VideoTarget target, Watch watch, int kbps)
    {
        (_target, _watch) = (target, watch);
        _publisher = target.Program == VideoProgram.Floor ? new FloorPublisher(kbps) : new RtmpPublisher(target.StreamKey, kbps);
    }

    /// <summary>Viewers who read.</summary>
    internal int Readers => _readers.Count;

    /// <summary>Bytes of the stream that all who read took since <see cref="BeginMeasuring"/>.</summary>
    internal long Bytes => _readers.Sum(reader => reader.Bytes);

    private int Skips => _readers.Sum(reader => reader.Skips);

    /// <summary>Publishes, until the server takes it.</summary>
    internal void Publish()
    {
        _poller.Connect(_publisher, _target.PublishPort);
        _publisher.Open();
        var asked = Stopwatch.GetTimestamp();
        while (!_publisher.IsReady)
        {
            Poll(10);
            if (Stopwatch.GetElapsedTime(asked) > Silence)
                throw new LoadTestException("The server does not let the publisher in.");
        }
    }

    /// <summary>Opens so many viewers more who read, and waits until each has a picture.</summary>
    internal void Open(int readers)
    {
        Viewer[] more = [.. Enumerable.Range(_readers.Count, readers).Select(i => new Viewer(this, _target) { IsTimed = i % TimedOneIn == 0 })];
        _readers.AddRange(more);
        Open(more);
    }

    /// <summary>Opens so many viewers who do not.</summary>
    internal void OpenDead(int count)
    {
        DeadViewer[] more = [.. Enumerable.Range(0, count).Select(_ => new DeadViewer(this, _target))];
        _dead.AddRange(more);
        Open(more);
    }

    /// <summary>Publishes and watches for so long.</summary>
    internal void Drive(TimeSpan period, string activity)
    {
        _publisher.Start();
        var progress = new Progress(activity);
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < period)
        {
            Step(1);
            progress.Tick(() => $"{_readers.Count} viewers have {Bytes >> 20} MiB");
        }
    }

    /// <summary>Publishes nothing, and waits until all have all.</summary>
    internal void Rest()
    {
        _publisher.FinishFrame();
        Stall.Until(() => !_readers.Exists(reader => reader.Last < _publisher.Last), () => _poller.BytesReceived, Silence, () => Poll(1));
    }

    /// <summary>From now on it counts; after a rest.</summary>
    internal void BeginMeasuring()
    {
        if (_published == 0)
        {
            _published = _publisher.Bytes;
            foreach (var reader in _readers)
                reader.BeginMeasuring();
        }

        _isMeasuring = true;
    }

    /// <summary>What comes is not timed.</summary>
    internal void EndMeasuring() => _isMeasuring = false;

    internal void CountFirst(long openedAt, long now) => _first.Add(openedAt, now);

    internal void CountFrame(uint number, long now)
    {
        if (_isMeasuring)
            _frames.Add(_publisher.SentAt(number), now);
    }

    /// <summary>Something went wrong with a viewer.</summary>
    internal void Fail(string fault) => _fault ??= fault;

    /// <summary>The server had enough of one who does not read.</summary>
    internal void CountCut(DeadViewer dead) => _cutDead.Enqueue(dead);

    /// <summary>Adds what viewers got, after a rest.</summary>
    internal void Report(ScenarioResult result)
    {
        var published = _publisher.Bytes - _published;
        var least = _readers.Min(reader => reader.Bytes) / (double)published;
        var lost = _readers.Count(reader => reader.Bytes < LeastShare * published);
        result.Add("published", published / 1e6, "MB");
        result.Add("least share of a viewer", least, "");
        result.Add("lost", lost, "viewers");
        result.Add("skips", Skips, "");
        if (_dead.Count > 0)
            result.Add("dead viewers cut", _cut, "");
        result.Add("first picture p50", _first.Quantile(0.5), "ms");
        result.Add("first picture p95", _first.Quantile(0.95), "ms");
        result.Add(MetricNames.P50("until a viewer has a frame"), _frames.Quantile(0.5), "ms");
        result.Add(MetricNames.P99("until a viewer has a frame"), _frames.Quantile(0.99), "ms");
        result.FailIf(lost > 0, $"{lost} viewers got less than {LeastShare} of the stream, {least:F3} the least");
    }

    public void Dispose() => _poller.Dispose();

    private void Open(IReadOnlyList<Viewer> viewers)
    {
        var progress = new Progress("opening");
        _publisher.Start();
        var (opened, ready, readyAt) = (0, 0, Stopwatch.GetTimestamp());
        while (ready < viewers.Count)
        {
            for (var most = Math.Min(viewers.Count, ready + UnderWay); opened < most; opened++)
                viewers[opened].Open(_poller, _watch);
            Step(1);
            for (; ready < opened && viewers[ready].HasPicture; readyAt = Stopwatch.GetTimestamp())
                ready++;
            if (Stopwatch.GetElapsedTime(readyAt) > Silence)
                throw new LoadTestException($"{ready} of {viewers.Count} viewers have a picture, and no more come.");
            progress.Tick(() => $"{ready} of {viewers.Count}");
        }

        progress.End($"{viewers.Count} viewers");
    }

    private void Step(int milliseconds)
    {
        _publisher.SendDue();
        Poll(milliseconds);
        while (_cutDead.TryDequeue(out var dead))
        {
            _cut++;
            dead.Reopen(_poller, _watch);
        }
    }

    private void Poll(int milliseconds)
    {
        _poller.Poll(milliseconds);
        Check();
    }

    private void Check()
    {
        if (_publisher.IsCut)
            throw new LoadTestException("The server cut the publisher.");
        if (_fault is not null)
            throw new LoadTestException($"A viewer: {_fault}");
    }
}
