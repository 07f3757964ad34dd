using Sailfish.Protocol;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Cluster.Questions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Tests.Server.Rooms;

namespace Sailfish.Tests.Server.Cluster.Questions;

/// <summary>Node 1 tells and asks nodes 2 and 3.</summary>
public sealed class RoomRelayTests : IAsyncDisposable
{
    private static readonly RoomKey Key = new(1, LivingRoom.FirstId);

    private readonly LocalBuses _buses = new();
    private readonly NotedCounts _counts = new();
    private readonly SessionList _sessions = new();
    private readonly ClusterView _cluster = new();
    private readonly RoomNode _first;
    private readonly RoomNode _second;
    private readonly RoomNode _third;
    private readonly RoomRelay _relay;

    public RoomRelayTests()
    {
        (_first, _second, _third) = (new RoomNode(_buses, 1), new RoomNode(_buses, 2), new RoomNode(_buses, 3));
        _relay = new RoomRelay(_first.Node, _counts, _sessions, _cluster, new NodeLease(1, TimeProvider.System));
        _cluster.Renewed([.. new long[] { 1, 2, 3 }.Select(node => new NodeInfo(node, "", "", 0, 0, false, TimeSpan.Zero))]);
        _counts.Stored[Key] = new RoomElsewhere(2, 2, [2, 3]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in new[] { _first, _second, _third })
            await node.DisposeAsync();
    }

    [Fact]
    public void What_is_for_all_users_goes_to_all_nodes()
    {
        var announcement = new Announcement(1, 6000, "{}");
        new AppRelay(_first.Node).Announce(announcement);
        var item = new ControlItem.Announced(1, 6000, announcement.MsgId, "{}");
        Assert.Equal([item], _second.Told);
        Assert.Equal([item], _third.Told);
        Assert.Empty(_first.Told);
    }

    [Fact]
    public async Task A_kick_removes_on_each_node_and_gives_the_sum()
    {
        var sessions = new[] { _second.Join(Key, 10001), _second.Join(Key, 10001), _third.Join(Key, 10001) };
        _second.Join(Key, 10002);
        Assert.Equal(3, await _relay.KickAsync(Key, 10001, ban: null, CancellationToken.None));
        Assert.All(sessions, session => Assert.Contains("\"reason\":\"removed\"", Fakes.SentTo(session), StringComparison.Ordinal));
        Assert.Equal(1, _second.Rooms.Find(Key)!.Viewers);
        Assert.Null(_third.Rooms.Find(Key));
        Assert.Equal(0, await _relay.KickAsync(Key, 10001, ban: null, CancellationToken.None));
    }

    [Fact]
    public async Task With_a_ban_the_nodes_know_of_it_before_they_could_read_it()
    {
        var session = _third.Join(Key, 10001);
        await _relay.KickAsync(Key, 10001, TimeSpan.FromSeconds(50), CancellationToken.None);
        Assert.Contains("\"retryAfterMs\":50000", Fakes.SentTo(session), StringComparison.Ordinal);
        var ban = new RestrictionKey(1, Key.RoomId, 10001, RestrictionKind.Banned);
        Assert.InRange(_second.Restrictions.Remaining(ban)!.Value, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(50));
        Assert.NotNull(_third.Restrictions.Remaining(ban));
    }

    /// <summary>A member whose JOIN is on its way is on a node that is not noted yet; a node may be noted that is not listed yet.</summary>
    [Fact]
    public async Task For_a_kick_all_nodes_are_asked_and_each_once()
    {
        _counts.Stored[Key] = new RoomElsewhere(0, 0, [3, 4]);
        var session = _second.Join(Key, 10001);
        Assert.Equal(1, await _relay.KickAsync(Key, 10001, ban: null, CancellationToken.None));
        Assert.Equal((0, 1, 1), (_first.Asked, _second.Asked, _third.Asked));
        Assert.NotEmpty(Fakes.SentTo(session));
    }

    [Fact]
    public async Task Of_a_node_that_gives_no_answer_nothing_is_counted()
    {
        _second.Join(Key, 10001);
        _third.Join(Key, 10001);
        _third.Join(Key, 10003);
        _buses.Loses = (_, to) => to == 3;
        Assert.Equal([10001], await _relay.UsersAsync(Key, 0, 10, CancellationToken.None));
        Assert.Equal(1, await _relay.KickAsync(Key, 10001, ban: null, CancellationToken.None));
    }

    [Fact]
    public async Task Users_of_all_nodes_come_page_by_page_each_once()
    {
        for (var user = 10001; user <= 10020; user++)
        {
            _second.Join(Key, user);
            _third.Join(Key, user + 10);
        }

        List<long> all = [];
        while (await _relay.UsersAsync(Key, all.LastOrDefault(), 7, CancellationToken.None) is { Count: > 0 } page)
            all.AddRange(page);
        Assert.Equal(Enumerable.Range(10001, 30).Select(user => (long)user), all);
    }

    [Fact]
    public async Task Users_are_asked_for_where_the_room_is_now()
    {
        _counts.Known[Key] = RoomElsewhere.Nobody;
        _third.Join(Key, 10003);
        Assert.Equal([10003], await _relay.UsersAsync(Key, 0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_user_is_looked_for_on_the_nodes_where_he_has_a_session()
    {
        _third.Join(Key, 10001);
        Assert.False(await _relay.HasUserAsync(Key, 10001, CancellationToken.None));
        _sessions.Sessions.AddRange([(10001, 1), (10001, 2)]);
        Assert.False(await _relay.HasUserAsync(Key, 10001, CancellationToken.None));
        Assert.Equal((1, 0), (_second.Asked, _third.Asked));
        _sessions.Sessions.AddRange([(10001, 3), (10001, 3)]);
        Assert.True(await _relay.HasUserAsync(Key, 10001, CancellationToken.None));
        Assert.Equal((2, 1), (_second.Asked, _third.Asked));
    }

    [Fact]
    public async Task Where_a_node_gives_no_answer_a_session_there_is_enough()
    {
        _buses.Loses = (_, _) => true;
        Assert.False(await _relay.HasUserAsync(Key, 10001, CancellationToken.None));
        _sessions.Sessions.Add((10001, 1));
        Assert.False(await _relay.HasUserAsync(Key, 10001, CancellationToken.None));
        _sessions.Sessions.Add((10001, 3));
        Assert.True(await _relay.HasUserAsync(Key, 10001, CancellationToken.None));
        // As before the node has begun, and while it begins anew.
        _first.Node.Link = null;
        Assert.True(await _relay.HasUserAsync(Key, 10001, CancellationToken.None));
    }

    [Fact]
    public async Task Guests_are_summed_over_the_nodes_of_the_room_that_answer()
    {
        Assert.Equal(0, await _relay.GuestsAsync(Key, CancellationToken.None));
        _first.Join(Key, Ids.FirstGuest);
        _second.Join(Key, Ids.FirstGuest);
        _second.Join(Key, Ids.FirstGuest + 1);
        _second.Join(Key, 10001);
        _third.Join(Key, Ids.FirstGuest);
        Assert.Equal(3, await _relay.GuestsAsync(Key, CancellationToken.None));
        _buses.Loses = (_, _) => true;
        Assert.Equal(0, await _relay.GuestsAsync(Key, CancellationToken.None));
    }

    [Fact]
    public async Task A_guest_who_was_in_a_living_room_on_any_node_was_seen()
    {
        Assert.False(await _relay.HasSeenAsync(Key, 10001, CancellationToken.None));
        _second.Living.Add(new LivingRoomRow(Key.RoomId, 1, 100_001, 1, "anna", 0, 0, 0));
        _second.Living.Joined(Key, new TokenIdentity(new UserKey(1, 10001), null, null, null), 1);
        Assert.True(await _relay.HasSeenAsync(Key, 10001, CancellationToken.None));
        Assert.False(await _relay.HasSeenAsync(Key, 10002, CancellationToken.None));
        _third.Join(Key, 10002);
        Assert.True(await _relay.HasSeenAsync(Key, 10002, CancellationToken.None));
    }
}
