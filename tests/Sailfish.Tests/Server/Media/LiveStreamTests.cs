using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Media;
using Sailfish.Media.Flv;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Tests.Server.Media;

/// <summary>What a publisher sends, as those get it who are quick, slow, early and late.</summary>
public sealed class LiveStreamTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly MediaOptions _options = new();
    private readonly MediaMetrics _metrics = new(Fakes.Meters);
    private readonly MediaPump _pump = new(NullLogger<MediaPump>.Instance);
    private readonly LiveStream _stream;
    private int _changes;
    private readonly FakePublisher _publisher = new();
    private Publication _publication;

    public LiveStreamTests()
    {
        _stream = new LiveStream(new RoomKey(1, 1_000_001), _options, _pump, _metrics, _time, () => _changes++);
        _publication = Publish(_publisher);
    }

    public void Dispose() => _pump.Dispose();

    [Fact]
    public void Until_the_tracks_are_known_there_is_nothing_to_join()
    {
        Write(TestTags.VideoHeader(), TestTags.Key(0));
        Assert.Null(_stream.Join());
        Assert.Equal(StreamState.Off, _stream.State);
        Write(TestTags.AudioHeader, TestTags.Sound(10));
        Assert.NotNull(_stream.Join());
        Assert.Equal(StreamState.Live, _stream.State);
        Assert.Equal((1, 1), (_publisher.Begun, _changes));
    }

    [Fact]
    public void Until_the_first_keyframe_there_is_no_picture()
    {
        Write(TestTags.VideoHeader(), TestTags.Inter(0));
        _time.Advance(TimeSpan.FromSeconds(2));
        Write(TestTags.Inter(2000), TestTags.Inter(2040));
        Assert.Null(_stream.Join());
        Assert.Equal((StreamState.Off, 0, 0), (_stream.State, _publisher.Begun, _changes));
        Write(TestTags.Key(2080));
        Assert.NotNull(_stream.Join());
        Assert.Equal((StreamState.Live, 1, 1), (_stream.State, _publisher.Begun, _changes));
    }

    [Fact]
    public void A_track_that_does_not_come_is_waited_for_a_second()
    {
        Write(TestTags.VideoHeader(), TestTags.Key(0));
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Write(TestTags.Inter(900));
        Assert.Null(_stream.Join());
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Write(TestTags.Inter(1100));
        var place = _stream.Join()!.Value;
        Assert.Equal((MediaCodec.H264, null), (place.Head.Tracks.Video, place.Head.Tracks.Audio));
        Assert.Equal([0u, 900u, 1100u], Tags(Watch().Sent).Where(tag => TagInfo.Of(tag).IsFrame).Select(tag => tag.Timestamp));
    }

    [Theory]
    [InlineData(MediaCodec.H264, MediaCodec.Aac, true)]
    [InlineData(MediaCodec.Av1, MediaCodec.Aac, false)]
    [InlineData(MediaCodec.H264, MediaCodec.Opus, false)]
    public void What_is_coded_otherwise_than_is_allowed_is_refused_by_name(MediaCodec video, MediaCodec audio, bool isTaken)
    {
        (_options.AllowedVideo, _options.AllowedAudio) = ([video], [audio]);
        var fault = Record.Exception(() => Write(TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Key(0), TestTags.Sound(10)));
        if (isTaken)
            Assert.Null(fault);
        else
            Assert.Contains(video == MediaCodec.H264 ? "aac" : "h264", Assert.IsType<MediaFormatException>(fault).Message);
        Assert.Equal(isTaken, _stream.Join() is not null);
    }

    /// <summary>Such as that of a microphone which stood still: whoever gets it is not late, and is not sent ahead again and again.</summary>
    [Fact]
    public void Sound_that_is_behind_the_picture_makes_nobody_late()
    {
        Write(TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Key(0), TestTags.Sound(10));
        for (uint ms = 40; ms <= 4000; ms += 40)
            Write(TestTags.Inter(ms));
        var at = _stream.Join()!.Value.First!;
        while (at.Next is { } next)
            at = next;
        for (uint ms = 40; ms <= 400; ms += 40)
            Write(TestTags.Sound(10 + ms), TestTags.Sound(50 + ms), TestTags.Inter(4000 + ms));
        // Something newer, to which who is late would be sent.
        Write(TestTags.Key(4440));
        var nodes = 1;
        for (; at.Next is { } next; at = next, nodes++)
            Assert.False(_stream.IsLate(next, 500));
        Assert.True(nodes > 20, $"{nodes}");
    }

    [Fact]
    public async Task Who_comes_late_in_a_long_time_without_a_keyframe_gets_all_since_the_last()
    {
        Begin();
        for (uint ms = 40; ms <= 8000; ms += 40)
            Write(TestTags.Inter(ms));
        var late = Watch();
        Write(TestTags.Inter(8040));
        await PushedAsync(late, 8040);
        Assert.Equal(202, Tags(late.Sent).Count(tag => tag.Kind == TagKind.Video && TagInfo.Of(tag).IsFrame));
    }

    [Fact]
    public async Task Sound_whose_time_stands_still_does_not_gather()
    {
        Begin();
        var quick = Watch();
        for (var i = 0; i < 1000; i++)
            Write(TestTags.Sound(10));
        await Wait.UntilAsync(() => Tags(quick.Sent).Count(tag => tag.Kind == TagKind.Audio && TagInfo.Of(tag).IsFrame) > 900);
    }

    [Fact]
    public void A_line_that_stood_still_for_some_seconds_has_not_lost_its_sound()
    {
        Begin();
        Write(TestTags.Sound(10));
        var viewer = Viewer(new SlowTransport { IsFast = true });
        _time.Advance(TimeSpan.FromSeconds(4));
        Write(TestTags.Inter(40), TestTags.Inter(80), TestTags.Sound(90));
        Assert.False(viewer.IsEnding);
        Assert.Equal(MediaCodec.Aac, _stream.Join()!.Value.Head.Tracks.Audio);
    }

    [Fact]
    public void Nobody_joins_a_stream_that_has_ended()
    {
        Begin();
        Assert.NotNull(_stream.Join());
        _stream.End(CutReason.Stopped);
        Assert.Null(_stream.Join());
    }

    /// <summary>E-RTMP: packet type 6, one track, coded frames without a time, its codec and the number 1.</summary>
    [Fact]
    public void Further_tracks_are_left_out()
    {
        Write(TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Key(0), TestTags.Sound(10));
        Write(new FlvTag(TagKind.Video, 20, (byte[])[0x96, 0x03, .. "avc1"u8, 1, 9, 9, 9]));
        Write(TestTags.Inter(40));
        Assert.Equal([0u, 40u], Tags(Watch().Sent).Where(tag => tag.Kind == TagKind.Video && TagInfo.Of(tag).IsFrame).Select(tag => tag.Timestamp));
    }

    [Fact]
    public void Who_comes_begins_with_the_newest_keyframe()
    {
        Begin();
        Write(TestTags.Inter(40), TestTags.Sound(50), TestTags.Key(80), TestTags.Inter(120));
        var tags = Tags(Watch().Sent);
        Assert.Equal([TagKind.Video, TagKind.Audio], tags.Take(2).Select(tag => tag.Kind));
        Assert.All(tags.Take(2), tag => Assert.True(TagInfo.Of(tag).IsHeader));
        // The sound before the keyframe goes with it.
        Assert.Equal([50u, 80u, 120u], tags.Skip(2).Select(tag => tag.Timestamp));
    }

    [Fact]
    public async Task A_late_viewer_goes_on_with_the_newest_keyframe_and_its_headers()
    {
        Begin();
        var slow = Watch(isFast: false);
        var quick = Watch();
        for (var time = 1000u; time <= 3000; time += 1000)
            Write(TestTags.Inter(time - 500), TestTags.Key(time));
        // Another size meanwhile: the late one has missed it.
        Write(TestTags.VideoHeader(profile: 0x64), TestTags.Key(4000), TestTags.Inter(4500), TestTags.Key(5000), TestTags.Inter(5100));
        await PushedAsync(quick, 5100);
        slow.IsFast = true;
        slow.Take();
        await PushedAsync(slow, 5100);
        var tags = Tags(slow.Sent);
        var frames = tags.Where(tag => TagInfo.Of(tag).IsFrame).Select(tag => tag.Timestamp).ToList();
        // What was on its way when it became slow, then the newest.
        Assert.Equal([5000u, 5100u], frames.TakeLast(2));
        Assert.True(frames.Count < 6);
        var last = tags.FindLastIndex(tag => tag.Kind == TagKind.Video && TagInfo.Of(tag).IsHeader);
        Assert.Equal(0x64, tags[last].Body.Span[6]);
        Assert.True(last < tags.FindIndex(tag => tag.Timestamp == 5000));
    }

    [Fact]
    public async Task A_viewer_that_takes_nothing_keeps_nothing_of_the_chain()
    {
        Begin();
        Watch(isFast: false);
        var kept = Node();
        for (var time = 1000u; time <= 20_000; time += 500)
        {
            Write(TestTags.Key(time, size: 1000));
            await Wait.UntilAsync(() => _stream.Stats.LastAt == _time.GetTimestamp());
        }

        await Wait.UntilAsync(() =>
        {
            // A look of the pump lets go of what is too far back.
            Write(TestTags.Key(30_000));
            GC.Collect();
            return !kept.TryGetTarget(out _);
        });

        WeakReference<object> Node() => new(_stream.Join()!.Value.First!);
    }

    [Fact]
    public void More_than_is_kept_is_not_given_to_who_comes()
    {
        _options.MaxGopSeconds = 1;
        Begin();
        Write(TestTags.Inter(900));
        Assert.False(_stream.Join()!.Value.WaitsForKey);
        Write(TestTags.Inter(1100));
        Assert.True(_stream.Join()!.Value.WaitsForKey);
        var late = Watch();
        Write(TestTags.Inter(1200), TestTags.Key(1300));
        Assert.True(SpinWait.SpinUntil(() => Tags(late.Sent).Count >= 3, Wait.Limit));
        Assert.Equal([1300u], Tags(late.Sent).Where(tag => TagInfo.Of(tag).IsFrame).Select(tag => tag.Timestamp));
    }

    [Fact]
    public void More_bytes_than_are_kept_are_not_given_to_who_comes()
    {
        _options.MaxGopBytes = 1000;
        Begin();
        Write(TestTags.Inter(40, size: 500));
        Assert.False(_stream.Join()!.Value.WaitsForKey);
        Write(TestTags.Inter(80, size: 500));
        Assert.True(_stream.Join()!.Value.WaitsForKey);
        Write(TestTags.Key(120));
        Assert.False(_stream.Join()!.Value.WaitsForKey);
    }

    /// <summary>Times of FLV are signed: before they end, a player is to begin anew.</summary>
    [Fact]
    public void After_24_days_who_watches_begins_anew_and_times_with_him()
    {
        Begin();
        var viewer = Viewer(new SlowTransport { IsFast = true });
        const uint Step = 4000, End = 24 * 24 * 60 * 60 * 1000u;
        var ms = Step;
        for (; ms <= End; ms += Step)
            Write(TestTags.Key(ms), TestTags.Sound(ms));
        Assert.False(viewer.IsEnding);
        Write(TestTags.Key(ms), TestTags.Key(ms + Step));
        Assert.True(viewer.IsEnding);
        Assert.Equal(0u, _stream.Join()!.Value.First!.Timestamp);
    }

    [Fact]
    public void Sound_that_stops_ends_what_waits_for_it()
    {
        Begin();
        var transport = new SlowTransport { IsFast = true };
        var viewer = Viewer(transport);
        Write(TestTags.Key(60_000));
        Assert.False(viewer.IsEnding);
        for (uint ms = 500; ms <= 4000; ms += 500)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            Write(TestTags.Key(60_000 + ms));
        }

        Assert.True(viewer.IsEnding);
        Assert.Null(_stream.Join()!.Value.Head.Tracks.Audio);
        Write(TestTags.Sound(64_100), TestTags.Key(64_140));
        Assert.Equal(MediaCodec.Aac, _stream.Join()!.Value.Head.Tracks.Audio);
    }

    [Fact]
    public void A_picture_that_stops_ends_what_waits_for_it()
    {
        Begin();
        Write(TestTags.Sound(10));
        var transport = new SlowTransport { IsFast = true };
        var viewer = Viewer(transport);
        for (uint ms = 500; ms <= 10_000; ms += 500)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            Write(TestTags.Sound(ms));
        }

        Assert.False(viewer.IsEnding);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Write(TestTags.Sound(10_500), TestTags.Sound(10_550));
        Assert.True(viewer.IsEnding);
        Assert.Equal(new StreamTracks(null, MediaCodec.Aac), _stream.Join()!.Value.Head.Tracks);
        var listener = Viewer(transport);
        Write(TestTags.Key(11_000), TestTags.Sound(11_010));
        Assert.True(listener.IsEnding);
        Assert.Equal(new StreamTracks(MediaCodec.H264, MediaCodec.Aac), _stream.Join()!.Value.Head.Tracks);

        // Pictures that are so far apart are shown from now on.
        var patient = Viewer(transport);
        for (uint ms = 11_500; ms <= 26_000; ms += 500)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            Write(TestTags.Sound(ms));
        }

        Assert.False(patient.IsEnding);
    }

    [Fact]
    public void A_publisher_that_comes_back_goes_on_in_time_from_its_keyframe()
    {
        Begin();
        Write(TestTags.Inter(40));
        var viewer = Watch();
        _stream.Leave(_publication, isStop: false);
        Assert.Equal(StreamState.Away, _stream.State);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_stream.IsOver());
        _publication = Publish(new FakePublisher());
        Write(TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Inter(70_000), TestTags.Key(70_040), TestTags.Inter(70_080));
        Assert.Equal(StreamState.Live, _stream.State);
        Assert.True(SpinWait.SpinUntil(() => Tags(viewer.Sent).Count(tag => TagInfo.Of(tag).IsFrame) == 4, Wait.Limit));
        Assert.Equal([0u, 40u, 80u, 120u], Tags(viewer.Sent).Where(tag => TagInfo.Of(tag).IsFrame).Select(tag => tag.Timestamp));
    }

    [Fact]
    public void It_is_over_when_nobody_comes_back_and_soon_when_he_says_so()
    {
        Begin();
        _stream.Leave(_publication, isStop: false);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_stream.IsOver());
        _publication = Publish(new FakePublisher());
        Begin();
        _stream.Leave(_publication, isStop: true);
        Assert.Equal(StreamState.Live, _stream.State);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_stream.IsOver());
    }

    [Fact]
    public void The_newest_has_it_and_after_that_nobody_takes_it_over_for_a_while()
    {
        Begin();
        var second = new FakePublisher();
        Publish(second);
        Assert.Equal(CutReason.TakenOver, _publisher.Cut);
        Write(TestTags.Key(1000));
        Assert.NotNull(_stream.TryBegin(new Publication(new UserKey(1, 100_001), new FakePublisher(), 0)));
        Assert.Null(second.Cut);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(_stream.TryBegin(new Publication(new UserKey(1, 100_001), new FakePublisher(), 0)));
        Assert.Equal(CutReason.TakenOver, second.Cut);
    }

    [Fact]
    public void Too_many_bits_for_too_long_is_too_much()
    {
        Begin();
        for (var second = 1u; second <= 14; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Write(TestTags.Key(second * 1000, size: 1_000_000));
            Assert.Equal(second > 12, _stream.IsTooMuch(kbps: 4000, TimeSpan.FromSeconds(10)));
        }
    }

    [Fact]
    public void A_stream_that_another_node_has_goes_on_with_what_that_node_sends_until_a_publisher_is_here_again()
    {
        Begin();
        var viewer = Watch();
        Assert.NotNull(_stream.TryBegin(OfNode(new FakePublisher())));
        Assert.Null(_publisher.Cut);
        _stream.TurnRelayed();
        Assert.True(_stream.IsRelayed);
        Assert.Equal(CutReason.TakenOver, _publisher.Cut);
        Write(TestTags.Inter(40));
        _time.Advance(TimeSpan.FromSeconds(60));
        // That node knows when it is.
        Assert.False(_stream.IsOver());
        var relay = new FakePublisher();
        _publication = OfNode(relay);
        Assert.Null(_stream.TryBegin(_publication));
        Write(TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Key(70_000), TestTags.Inter(70_040));
        // Without a pause: nobody took anything over.
        _publication = Publish(new FakePublisher());
        Assert.NotNull(relay.Cut);
        Assert.False(_stream.IsRelayed);
        Write(TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Key(0), TestTags.Inter(40));
        Publish(new FakePublisher());
        Assert.True(SpinWait.SpinUntil(() => Tags(viewer.Sent).Count(tag => TagInfo.Of(tag).IsFrame) == 5, Wait.Limit));
        Assert.Equal([0u, 40u, 80u, 120u, 160u], Tags(viewer.Sent).Where(tag => TagInfo.Of(tag).IsFrame).Select(tag => tag.Timestamp));

        static Publication OfNode(FakePublisher publisher) => new(new UserKey(1, 0), publisher, 0) { IsRelay = true };
    }

    [Fact]
    public void A_node_that_fetches_it_takes_no_viewers_place_and_is_sent_to_where_it_is_now()
    {
        Begin();
        var (viewer, node) = (Viewer(new SlowTransport { IsFast = true }), Viewer(new SlowTransport { IsFast = true }, isRelay: true));
        Assert.Equal(1, _stream.Viewers.Count);
        _stream.TurnRelayed();
        Assert.True(node.IsEnding);
        Assert.False(viewer.IsEnding);
        _stream.Viewers.Remove(node);
        Assert.Equal(1, _stream.Viewers.Count);
    }

    [Fact]
    public void Too_many_small_tags_for_too_long_are_too_much()
    {
        Begin();
        // Counted over two seconds: over it from the fourth on.
        for (var second = 1u; second <= 16; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0u; i < 1500; i++)
                Write(TestTags.Sound((second * 1000) + (i / 2)));
            Assert.Equal(second > 14, _stream.IsTooMuch(kbps: 4000, TimeSpan.FromSeconds(10)));
        }
    }

    [Fact]
    public void A_viewer_that_is_cut_leaves_nothing_in_the_kernel()
    {
        Begin();
        var transport = new SlowTransport();
        var viewer = Viewer(transport);
        viewer.Cut();
        Assert.NotNull(transport.Aborted);
        Assert.True(viewer.Done.IsCompleted);
    }

    private static List<FlvTag> Tags(MemoryStream sent) => TestTags.Read(sent);

    private static Task PushedAsync(SlowTransport transport, uint time) => Wait.UntilAsync(
        () => Tags(transport.Sent) is [.., var last] && last.Timestamp == time,
        Wait.Limit,
        () => $"{time}; there is {string.Join(' ', Tags(transport.Sent).Select(tag => $"{tag.Kind} {tag.Timestamp}"))}");

    private Publication Publish(FakePublisher publisher)
    {
        var publication = new Publication(new UserKey(1, 100_001), publisher, 0);
        Assert.Null(_stream.TryBegin(publication));
        return publication;
    }

    private void Begin() => Write(TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Key(0));

    private void Write(params FlvTag[] tags)
    {
        foreach (var tag in tags)
            _stream.Write(_publication, tag);
    }

    private SlowTransport Watch(bool isFast = true)
    {
        var transport = new SlowTransport { IsFast = isFast };
        Viewer(transport);
        return transport;
    }

    private Viewer Viewer(SlowTransport transport, bool isRelay = false)
    {
        var viewer = new Viewer(_stream, transport, isWebSocket: false, new ViewerPass(null, 0, null, default) { IsRelay = isRelay }, _options, _metrics, _time);
        _stream.Viewers.Add(viewer);
        viewer.Start(_stream.Join()!.Value);
        return viewer;
    }

    private sealed class FakePublisher : IPublisher
    {
        public int Begun { get; private set; }

        public CutReason? Cut { get; private set; }

        public void Began() => Begun++;

        void IPublisher.Cut(CutReason reason) => Cut = reason;
    }
}
