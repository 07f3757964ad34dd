using Sailfish.Media.Flv;
using Sailfish.Media.Rtmp;
using Sailfish.Server.Living;
using Sailfish.Server.Media;
using Sailfish.Tests.Media.Rtmp;

namespace Sailfish.Tests.Server.Media;

/// <summary>How long encoders may take, and how many there may be.</summary>
public sealed class RtmpServerTests : IDisposable
{
    private const string TooLong = "Nothing that can be shown came for too long.";
    private const string WrongKey = "100001-AAAAAAAAAAAAAAAAAAAAAAAA";
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly MediaParts _parts = new();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task A_handshake_has_five_seconds_and_a_wish_to_publish_ten()
    {
        var (silent, half, slow) = (Connect(), Connect(), Connect());
        await half.SendAsync(PublisherPeer.Handshake[..1000]);
        await _parts.PassAsync(TimeSpan.FromSeconds(5));
        await slow.SendAsync([.. PublisherPeer.Handshake, .. ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Connect("live"), streamId: 0)]);
        await slow.HearAsync("NetConnection.Connect.Success");
        await _parts.PassAsync(Moment);
        // By themselves: their encoders stay.
        await silent.Ended.WaitAsync(Wait.Limit);
        await half.Ended.WaitAsync(Wait.Limit);
        await _parts.PassAsync(TimeSpan.FromSeconds(5) - Moment);
        Assert.DoesNotContain(TooLong, slow.Said, StringComparison.Ordinal);
        await _parts.PassAsync(Moment);
        await slow.HearAsync(TooLong);
        Assert.Contains("NetStream.Publish.Denied", slow.Said, StringComparison.Ordinal);
        await slow.Ended.WaitAsync(Wait.Limit);
    }

    [Fact]
    public async Task The_first_frame_and_each_one_after_it_have_ten_seconds()
    {
        var first = await _parts.PublishAsync();
        var second = await new PipeEncoder(_parts.Encoders).AskAsync(await _parts.KeyAsync(MediaParts.Other));
        await _parts.PassAsync(TimeSpan.FromSeconds(10));
        await first.WriteAsync(TestTags.Inter(80));
        await TakenAsync();
        await _parts.PassAsync(Moment);
        await second.HearAsync(TooLong);
        await _parts.PassAsync(TimeSpan.FromSeconds(10) - Moment);
        Assert.DoesNotContain(TooLong, first.Said, StringComparison.Ordinal);
        await _parts.PassAsync(Moment);
        await first.HearAsync(TooLong);
        await first.LeaveAsync();
        await second.LeaveAsync();
    }

    [Fact]
    public async Task Pictures_without_headers_and_before_a_keyframe_are_no_first_frame()
    {
        foreach (var header in new[] { TestTags.Inter(0), TestTags.VideoHeader() })
        {
            var encoder = await new PipeEncoder(_parts.Encoders).AskAsync(await _parts.KeyAsync());
            await encoder.WriteAsync(header);
            for (var second = 1; second <= 10; second++)
            {
                await encoder.WriteAsync(TestTags.Inter((uint)second * 1000));
                await _parts.PassAsync(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(StreamState.Off, _parts.Stream.State);
            await _parts.PassAsync(Moment);
            await encoder.HearAsync(TooLong);
            await encoder.LeaveAsync();
            await _parts.PassAsync(Moment);
        }
    }

    [Fact]
    public async Task A_publisher_whose_line_stood_still_for_twelve_seconds_finds_its_viewers_again()
    {
        var lost = await _parts.PublishAsync();
        var transport = new SlowTransport { IsFast = true };
        var viewer = _parts.Watch(transport);
        await _parts.PassAsync(TimeSpan.FromSeconds(10) + Moment);
        await lost.HearAsync(TooLong);
        await lost.LeaveAsync();
        await _parts.UntilAsync(StreamState.Away);
        await _parts.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(StreamState.Away, _parts.Stream.State);
        var back = await _parts.PublishAsync();
        await Wait.UntilAsync(() => Times().Count() == 4);
        Assert.Equal([0u, 40u, 80u, 120u], Times());
        Assert.False(viewer.IsEnding);
        await back.LeaveAsync();

        IEnumerable<uint> Times() => TestTags.Read(transport.Sent).Where(tag => TagInfo.Of(tag).IsFrame).Select(tag => tag.Timestamp);
    }

    [Fact]
    public async Task Ten_connections_of_an_address_and_64_of_all_may_be_about_to_publish()
    {
        List<PipeEncoder> waiting = [.. Enumerable.Range(0, 10).Select(_ => Connect())];
        Assert.True(Connect().Ended.IsCompletedSuccessfully);
        // Who publishes waits no more.
        await waiting[0].AskAsync(await _parts.KeyAsync());
        waiting.Add(Connect());
        Assert.True(Connect().Ended.IsCompletedSuccessfully);
        for (var i = 10; i < 64; i++)
            waiting.Add(Connect($"192.0.2.{i / 10 + 1}"));
        Assert.All(waiting, encoder => Assert.False(encoder.Ended.IsCompleted));
        Assert.True(Connect("192.0.2.99").Ended.IsCompletedSuccessfully);
        await waiting[^1].LeaveAsync();
        waiting[^1] = Connect("192.0.2.99");
        Assert.False(waiting[^1].Ended.IsCompleted);
        foreach (var encoder in waiting)
            await encoder.LeaveAsync();
    }

    [Fact]
    public async Task After_ten_wrong_keys_in_a_minute_an_address_is_told_so_and_a_right_one_passes()
    {
        for (var i = 0; i < 10; i++)
            await RefusedAsync(WrongKey, "The stream key is wrong.");
        await RefusedAsync(WrongKey, "Too many wrong stream keys.");
        await RefusedAsync(WrongKey, "The stream key is wrong.", "192.0.2.2");
        var right = await new PipeEncoder(_parts.Encoders).AskAsync(await _parts.KeyAsync());
        _parts.Time.Advance(TimeSpan.FromSeconds(60));
        await RefusedAsync(WrongKey, "The stream key is wrong.");
        await right.LeaveAsync();
    }

    [Fact]
    public async Task Who_has_no_open_room_is_refused()
    {
        var encoder = await new PipeEncoder(_parts.Encoders).AskAsync(await _parts.KeyAsync(MediaParts.Anchor with { UserId = 100_003 }), "Start your room first.");
        await encoder.LeaveAsync();
    }

    [Fact]
    public async Task One_stream_too_many_is_refused_until_another_has_ended()
    {
        using var parts = new MediaParts(new MediaOptions { MaxStreams = 1 });
        var first = await parts.PublishAsync();
        var second = await new PipeEncoder(parts.Encoders).AskAsync(await parts.KeyAsync(MediaParts.Other), "There are too many streams.");
        await second.LeaveAsync();
        // The one that there is may be taken over.
        var another = await parts.PublishAsync();
        await first.HearAsync("Another encoder has taken this stream over.");
        await first.LeaveAsync();
        await another.SendAsync(PublisherPeer.Command("deleteStream", 0, 1));
        await another.LeaveAsync();
        await parts.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(0, parts.Streams.Count);
        second = await new PipeEncoder(parts.Encoders).AskAsync(await parts.KeyAsync(MediaParts.Other));
        await second.LeaveAsync();
    }

    [Fact]
    public async Task Above_the_bitrate_for_ten_seconds_an_encoder_is_cut_and_told_why()
    {
        using var parts = new MediaParts(new MediaOptions { MaxBitrateKbps = 4000 });
        var encoder = await parts.PublishAsync();
        for (var second = 1u; second <= 13; second++)
        {
            Assert.DoesNotContain("bitrate", encoder.Said, StringComparison.Ordinal);
            parts.Time.Advance(TimeSpan.FromSeconds(1));
            await encoder.WriteAsync(TestTags.Key(second * 1000, size: 1_000_000));
            await TakenAsync(parts);
            await parts.Sweep.SweepAsync();
        }

        await encoder.HearAsync("The bitrate is too high.");
        await encoder.LeaveAsync();
    }

    private PipeEncoder Connect(string address = "192.0.2.1") => new(_parts.Encoders, address);

    private async Task RefusedAsync(string key, string why, string address = "192.0.2.1")
    {
        var encoder = await new PipeEncoder(_parts.Encoders, address).AskAsync(key, why);
        Assert.Contains("NetStream.Publish.BadName", encoder.Said, StringComparison.Ordinal);
        await encoder.LeaveAsync();
    }

    /// <summary>Waits until what came at this time is in the stream.</summary>
    private Task TakenAsync(MediaParts? parts = null)
    {
        var (stream, now) = ((parts ?? _parts).Stream, (parts ?? _parts).Time.GetTimestamp());
        return Wait.UntilAsync(() => stream.Stats.LastAt == now);
    }
}
