using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Tests.Server.Cluster;

public sealed class LinkWatchTests
{
    private const long Self = 1;
    private const long Peer = 2;
    private const long Third = 3;

    private readonly FakeTimeProvider _time = new();
    private readonly LossList _losses = new();
    private readonly LinkWatch _links;

    /// <summary>The number of the last frame to all, heartbeats among them.</summary>
    private long _toAll;

    public LinkWatchTests()
    {
        _links = new LinkWatch(Self, _time, _losses);
    }

    [Fact]
    public void Frames_in_order_tell_nothing_but_the_first_heartbeat()
    {
        Receive(1, 2);
        Beat(2);
        Assert.Equal(["first 2"], _losses.Take());
        Receive(3, 4, 5);
        Broadcast();
        Beat(5);
        for (var second = 0; second < 3; second++)
            BeatAfterASecond(5);
        Assert.Empty(_losses.Take());
    }

    [Fact]
    public void Whatever_came_before_the_first_heartbeat_is_one_repair()
    {
        Receive(7, 9, 30);
        Assert.Empty(_losses.Take());
        Beat(31);
        Assert.Equal(["first 2"], _losses.Take());
        // It was counted by the heartbeat, and comes all the same.
        Receive(31);
        Pass(2);
        Receive(32);
        Assert.Empty(_losses.Take());
    }

    [Fact]
    public void A_hole_is_a_loss_at_once_and_once()
    {
        Begin();
        Receive(1, 3);
        Assert.Equal(["lost 2"], _losses.Take());
        Receive(4, 5);
        BeatAfterASecond(5);
        Assert.Empty(_losses.Take());
        Receive(8);
        Assert.Equal(["lost 2"], _losses.Take());
    }

    [Fact]
    public void A_hole_in_what_goes_to_all_is_a_loss_and_heartbeats_count_there_too()
    {
        Begin();
        _toAll++;
        Beat(0);
        Assert.Equal(["lost 2"], _losses.Take());
        Broadcast();
        Assert.Empty(_losses.Take());
        _toAll += 5;
        Broadcast();
        Assert.Equal(["lost 2"], _losses.Take());
    }

    [Fact]
    public void The_two_counts_of_a_source_are_apart_and_so_are_sources()
    {
        Begin();
        Receive(1);
        Broadcast();
        Receive(2);
        ReceiveOf(Third, 500);
        _links.Beat(Header(Third, 1, FrameFlags.ToAll), [new LinkCount(Self, 500)]);
        Assert.Equal(["first 3"], _losses.Take());
        Receive(3);
        ReceiveOf(Third, 501);
        Assert.Empty(_losses.Take());
        ReceiveOf(Third, 503);
        Assert.Equal(["lost 3"], _losses.Take());
    }

    [Fact]
    public void A_frame_that_a_heartbeat_spoke_of_is_lost_when_it_is_not_there_after_a_second()
    {
        Begin();
        Receive(1);
        Beat(3);
        Pass(1);
        Assert.Empty(_losses.Take());
        Pass(0.01);
        Assert.Equal(["lost 2"], _losses.Take());
        Beat(3);
        Pass(2);
        Assert.Empty(_losses.Take());
        // What was given up may still come, and what follows is no hole.
        Receive(2, 3, 4);
        Assert.Empty(_losses.Take());
    }

    [Fact]
    public void A_frame_that_is_only_slower_than_the_heartbeat_is_none()
    {
        Begin();
        Receive(1);
        Beat(3);
        Pass(0.9);
        Receive(2, 3);
        Pass(2);
        Assert.Empty(_losses.Take());
    }

    [Fact]
    public void The_last_frames_of_a_busy_source_are_missed_though_heartbeats_go_on()
    {
        Begin();
        Receive(1);
        // 2 never comes, and 3 neither; the count goes up with each heartbeat.
        BeatAfterASecond(2);
        BeatAfterASecond(3);
        Pass(0.1);
        Assert.Equal(["lost 2"], _losses.Take());
        BeatAfterASecond(3);
        BeatAfterASecond(3);
        Pass(0.1);
        Assert.Equal(["lost 2"], _losses.Take());
        BeatAfterASecond(3);
        BeatAfterASecond(3);
        Assert.Empty(_losses.Take());
    }

    [Fact]
    public void A_heartbeat_that_does_not_name_this_node_claims_nothing()
    {
        Begin();
        Receive(1, 2);
        _links.Beat(Header(Peer, 99, FrameFlags.ToAll), [new LinkCount(Third, 50)]);
        Pass(2);
        Assert.Empty(_losses.Take());
    }

    [Fact]
    public void A_source_that_is_silent_is_told_each_time_until_it_is_heard_or_forgotten()
    {
        Begin();
        Pass(3);
        Assert.Empty(_losses.Take());
        Pass(0.1);
        Pass(1);
        Assert.Equal(["lost 2", "lost 2"], _losses.Take());
        Beat(0);
        Pass(1);
        Assert.Empty(_losses.Take());
        for (var second = 0; second < 15; second++)
            Pass(1);
        Assert.Equal(12, _losses.Take().Count);
        Pass(1);
        Assert.Empty(_losses.Take());
        // Then it is a new one.
        Beat(0);
        Assert.Equal(["first 2"], _losses.Take());
    }

    [Fact]
    public void A_source_whose_heartbeats_do_not_come_is_silent_whatever_else_comes()
    {
        Receive(1, 2);
        Pass(2);
        Receive(3);
        Assert.Empty(_losses.Take());
        Pass(1.1);
        Assert.Equal(["lost 2"], _losses.Take());
    }

    [Fact]
    public void A_node_that_is_no_more_is_not_missed()
    {
        Begin();
        _links.Forget(Peer);
        Pass(4);
        Assert.Empty(_losses.Take());
    }

    [Fact]
    public void Whether_others_reach_the_database_is_what_those_say_that_are_heard()
    {
        Assert.False(_links.IsDatabaseOkElsewhere);
        _links.Beat(Header(Peer, 1, FrameFlags.ToAll | FrameFlags.DatabaseOk), []);
        _links.Beat(Header(Third, 1, FrameFlags.ToAll), []);
        Assert.True(_links.IsDatabaseOkElsewhere);
        _links.Beat(Header(Peer, 2, FrameFlags.ToAll), []);
        Assert.False(_links.IsDatabaseOkElsewhere);
        _links.Beat(Header(Third, 2, FrameFlags.ToAll | FrameFlags.DatabaseOk), []);
        Assert.True(_links.IsDatabaseOkElsewhere);
        _time.Advance(TimeSpan.FromSeconds(3.1));
        Assert.False(_links.IsDatabaseOkElsewhere);
    }

    [Fact]
    public void More_sources_than_a_cluster_has_are_told_but_not_kept()
    {
        for (var source = 10L; source < 2000; source++)
            ReceiveOf(source, 1);
        Assert.Equal(1990 - 1024, _losses.Take().Count);
    }

    private static FrameHeader Header(long source, long link, FrameFlags flags = FrameFlags.None) => new(FrameKind.Messages, flags, source, link, 1);

    /// <summary>A peer that is known, and has sent nothing but a heartbeat.</summary>
    private void Begin()
    {
        Beat(0);
        _losses.Take();
    }

    private void Receive(params ReadOnlySpan<long> links)
    {
        foreach (var link in links)
            _links.Received(Header(Peer, link));
    }

    private void ReceiveOf(long source, long link) => _links.Received(Header(source, link));

    private void Broadcast() => _links.Received(Header(Peer, ++_toAll, FrameFlags.ToAll));

    private void Beat(long count)
    {
        Broadcast();
        _links.Beat(Header(Peer, _toAll, FrameFlags.ToAll), [new LinkCount(Third, 1000), new LinkCount(Self, count)]);
    }

    private void BeatAfterASecond(long count)
    {
        Pass(1);
        Beat(count);
    }

    private void Pass(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _links.Check();
    }
}
