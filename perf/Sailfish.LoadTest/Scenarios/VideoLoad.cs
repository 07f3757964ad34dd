using Sailfish.LoadTest.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Video;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>A stream and its viewers on one server, and what they cost it.</summary>
internal sealed class VideoLoad : ILoad, IDisposable
{
    /// <summary>Viewers who come before memory is read first: the code and the tables that they bring in are no viewer's.</summary>
    private const int MostFirst = 50;

    private const double BitsPerByte = 8;
    private const double MiB = 1024 * 1024;

    /// <summary>Enough that the first have all of a group of pictures.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private readonly VideoOptions _options;
    private readonly Servers _servers;
    private readonly Crowd _crowd;
    private readonly int _first;
    private readonly long _before;
    private PeriodMeter? _meter;
    private long _kernelBefore;
    private long _memoryAtBegin;
    private long _bytes;

    private VideoLoad(VideoOptions options, LoadSettings settings)
    {
        _options = options;
        _servers = Servers.Start(settings);
        try
        {
            _crowd = new Crowd(TargetOf(_servers, options.Watch), options.Watch, options.Kbps);
            _crowd.Publish();
            _first = Math.Min(MostFirst, (options.Viewers - options.DeadViewers) / 2);
            _crowd.Open(_first);
            _crowd.Drive(Settling, "settling");
            _before = Memory;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private long Memory => ProcFs.ResidentBytes(_servers.First.Id);

    /// <summary>Starts a server, publishes, and has all viewers come.</summary>
    internal static VideoLoad Begin(VideoOptions options, LoadSettings settings)
    {
        var load = new VideoLoad(options, settings);
        try
        {
            load.Open();
            // Others begin now: what its publisher had to say meanwhile would come at once.
            load.Rest();
            return load;
        }
        catch
        {
            Console.Error.WriteLine($"The server said:\n{load._servers.LastLines}");
            load.Dispose();
            throw;
        }
    }

    /// <summary>Where each program takes a stream and gives it.</summary>
    internal static VideoTarget TargetOf(Servers servers, Watch watch)
    {
        var ports = servers.First.Ports;
        return servers.Settings.Program switch
        {
            ServerProgram.VideoFloor => new VideoTarget(VideoProgram.Floor, ports.Tcp, "", ports.Tcp, ""),
            ServerProgram.NodeMediaServer => new VideoTarget(VideoProgram.Rtmp, ports.Rtmp, "stream", ports.Http, "/live/stream.flv"),
            _ => Anchor.OpenRoom(ports, servers.App, watch),
        };
    }

    public void Drive(TimeSpan period, string activity) => _crowd.Drive(period, activity);

    public void Rest() => _crowd.Rest();

    public void BeginMeasuring()
    {
        _crowd.BeginMeasuring();
        if (_meter is not null)
        {
            _meter.Resume();
            return;
        }

        _memoryAtBegin = Memory;
        _meter = new PeriodMeter(_servers);
    }

    public void EndMeasuring()
    {
        _meter!.End();
        _crowd.EndMeasuring();
        _bytes = _crowd.Bytes;
    }

    public void End(ScenarioResult result)
    {
        var meter = _meter!;
        var memory = Memory;
        meter.ReportCpu(result);
        var megabits = _bytes * BitsPerByte / 1e6;
        result.Add("sent to viewers", megabits / meter.Elapsed, "Mbit/s");
        result.Add(MetricNames.CpuPerMegabit, meter.ServerSeconds * 1e6 / megabits, "µs");
        result.Add(MetricNames.MemoryPerViewer, (memory - _before) / (double)(_options.Viewers - _first), "bytes");
        result.Add(MetricNames.MemoryGrowth, (memory - _memoryAtBegin) / MiB, "MiB");
        if (_options.DeadViewers > 0)
            result.Add(MetricNames.KernelPerDead, (ProcFs.KernelBytes() - _kernelBefore) / (double)_options.DeadViewers, "bytes");
        _crowd.Report(result);
    }

    public void Dispose()
    {
        _crowd?.Dispose();
        _servers.Dispose();
    }

    private void Open()
    {
        _crowd.Open(_options.Viewers - _options.DeadViewers - _first);
        if (_options.DeadViewers == 0)
            return;
        _crowd.Drive(Settling, "settling");
        _crowd.Rest();
        _kernelBefore = ProcFs.KernelBytes();
        _crowd.OpenDead(_options.DeadViewers);
    }
}
