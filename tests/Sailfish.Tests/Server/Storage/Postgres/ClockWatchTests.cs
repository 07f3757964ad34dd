using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;
using Sailfish.Server.Telemetry;

namespace Sailfish.Tests.Server.Storage.Postgres;

/// <summary>How far the machine's clock is from the database's can be seen, and is told once where it is far.</summary>
public sealed class ClockWatchTests
{
    private readonly FakeTimeProvider _system = new();
    private readonly Lines _log = new();
    private readonly ClusterTime _time;
    private readonly ClockWatch _watch;

    public ClockWatchTests()
    {
        _time = new ClusterTime(_system);
        _watch = new ClockWatch(_time, Fakes.Meters, _log);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_clock_that_is_far_is_told_once_until_it_is_near_again(int direction)
    {
        foreach (var seconds in new double[] { 0, 5, 5.1, 180, 6, 1, 0, 6 })
            Look(direction * seconds);
        Assert.Equal([LogLevel.Warning, LogLevel.Information, LogLevel.Warning], _log.Levels);
    }

    [Fact]
    public void The_metric_says_how_far_it_is()
    {
        Look(-180);
        List<double> measured = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Meter.Name == SailfishMeter.Name && instrument is { Name: "sailfish.cluster.clock.offset", Unit: "s" })
                it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => measured.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Contains(-180, measured);
    }

    /// <summary>The database's clock is so much ahead of the machine's.</summary>
    private void Look(double seconds)
    {
        _system.Advance(TimeSpan.FromSeconds(2));
        var now = _system.GetTimestamp();
        _watch.Note(new NodeLook([], new Era(Guid.Empty, 1), _system.GetUtcNow() + TimeSpan.FromSeconds(seconds), now, now));
        Assert.Equal(seconds, _time.Offset.TotalSeconds, precision: 6);
    }

    private sealed class Lines : ILogger<ClockWatch>
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Levels.Add(logLevel);
    }
}
