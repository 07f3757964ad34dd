using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Sailfish.Media.Flv;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Tests.Server.Media;

/// <summary>What is counted of live video.</summary>
public sealed class MediaMetricsTests : IDisposable
{
    private readonly MediaParts _parts = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _sums = new();

    public MediaMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == _parts.Meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _parts.Dispose();
    }

    [Fact]
    public async Task Streams_viewers_bytes_and_refusals_are_counted()
    {
        var encoder = await _parts.PublishAsync();
        var transport = new SlowTransport { IsFast = true };
        var viewer = _parts.Watch(transport);
        await encoder.WriteAsync(TestTags.Inter(80));
        await Wait.UntilAsync(() => TestTags.Read(transport.Sent) is [.., { Timestamp: 80 }]);
        Assert.Equal((1L, 1L, 0L), (Now("streams"), Now("viewers"), Now("publisher.away")));
        // Nobody else takes anything, and what is kept is what he was given but for the headers.
        await Wait.UntilAsync(() => Now("out.bytes") == transport.Sent.Length);
        Assert.InRange(Now("gop.bytes"), TestTags.Key(0).Body.Length + FlvWriter.TagOverhead, transport.Sent.Length);
        Assert.True(Now("in.bytes") > 3000 + TestTags.Key(0).Body.Length);
        Assert.Equal(0, Now("skips"));

        await (await new PipeEncoder(_parts.Encoders).AskAsync("nonsense", "The stream key is wrong.")).LeaveAsync();
        var broken = new PipeEncoder(_parts.Encoders);
        await broken.SendAsync([6]);
        await broken.Ended.WaitAsync(Wait.Limit);
        await _parts.Viewers.AskAsync(default(ViewRequest), null, CancellationToken.None);
        Assert.Equal((1L, 1L, 1L), (Now("refused wrong_key"), Now("refused broken"), Now("refused viewer_NoToken")));
        Assert.Equal(3, _sums.Where(sum => sum.Key.StartsWith("refused", StringComparison.Ordinal)).Sum(sum => sum.Value));

        await encoder.LeaveAsync();
        await _parts.UntilAsync(StreamState.Away);
        Assert.Equal(1, Now("publisher.away"));
        await _parts.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((0L, 0L, 0L), (Now("streams"), Now("publisher.away"), Now("gop.bytes")));
        Assert.True(viewer.IsEnding);
    }

    [Fact]
    public async Task A_viewer_who_goes_on_with_a_later_keyframe_is_a_skip()
    {
        var encoder = await _parts.PublishAsync();
        var transport = new SlowTransport();
        _parts.Watch(transport);
        for (var second = 1u; second <= 8; second++)
            await encoder.WriteAsync(TestTags.Key(second * 1000));
        await Wait.UntilAsync(() => _parts.Stream.Join() is { First.Timestamp: 8000 });
        transport.IsFast = true;
        transport.Take();
        await Wait.UntilAsync(() => TestTags.Read(transport.Sent) is [.., { Timestamp: 8000 }]);
        Assert.Equal(1, Now("skips"));
        await encoder.LeaveAsync();
    }

    /// <summary>What it is now, or has come to.</summary>
    private long Now(string name)
    {
        foreach (var kept in new[] { "streams", "viewers", "publisher.away", "gop.bytes" })
            _sums.TryRemove(kept, out _);
        _listener.RecordObservableInstruments();
        return _sums.GetValueOrDefault(name);
    }

    private void Note(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        const string prefix = "sailfish.media.";
        if (!instrument.Name.StartsWith(prefix, StringComparison.Ordinal))
            return;
        var name = instrument.Name[prefix.Length..];
        if (tags.Length > 0)
            name += $" {tags[0].Value}";
        _sums.AddOrUpdate(name, value, (_, before) => before + value);
    }
}
