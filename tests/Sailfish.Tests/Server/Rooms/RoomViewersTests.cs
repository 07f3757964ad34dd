using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Rooms;

public sealed class RoomViewersTests
{
    private static readonly RoomKey Key = new(1, 7);

    private readonly RoomTable _rooms = new(Options.Create(new RoomsOptions()));
    private readonly NotedCounts _counts = new();

    [Fact]
    public async Task A_node_that_is_alone_shows_its_own()
    {
        var viewers = new RoomViewers(_rooms);
        Assert.Equal(0, viewers.Of(Key));
        Assert.Equal(new RoomAudience(0, 0), await viewers.ReadAsync(Key, CancellationToken.None));
        Assert.False(await viewers.IsJoinedElsewhereAsync(Key, CancellationToken.None));
        var first = Join(10001);
        Join(10002);
        _rooms.Change(Key, room => room.Remove(first));
        Assert.Equal(1, viewers.Of(Key));
        Assert.Equal(new RoomAudience(1, 2), await viewers.ReadAsync(Key, CancellationToken.None));
        Assert.Same(RoomElsewhere.Nobody, await viewers.ReadElsewhereAsync(Key, CancellationToken.None));
    }

    [Fact]
    public void Those_on_this_node_and_on_the_others_are_added()
    {
        var viewers = new RoomViewers(_rooms, _counts);
        var member = Join(10001);
        Assert.Equal(1, viewers.Of(member.Room));
        _counts.Known[Key] = new RoomElsewhere(4, 9, [2]);
        Assert.Equal(5, viewers.Of(member.Room));
        Assert.Equal(5, viewers.Of(Key));
        Assert.Equal(new Dictionary<string, int> { ["7"] = 5 }, viewers.Of(member.Session));
        Assert.Equal(0, _counts.Reads);
    }

    [Fact]
    public async Task Those_on_the_others_are_read_where_they_are_not_known()
    {
        var viewers = new RoomViewers(_rooms, _counts);
        _counts.Stored[Key] = new RoomElsewhere(4, 9, [2]);
        Assert.Equal(0, viewers.Of(Key));
        Assert.Equal(new RoomAudience(4, 9), await viewers.ReadAsync(Key, CancellationToken.None));
        Join(10001);
        Assert.Equal(new RoomAudience(5, 9), await viewers.ReadAsync(Key, CancellationToken.None));
        Assert.Equal(1, _counts.Reads);
    }

    [Fact]
    public async Task A_peak_is_no_less_than_what_there_is_now_and_than_what_any_node_saw()
    {
        var viewers = new RoomViewers(_rooms, _counts);
        var room = Join(10001).Room;
        _counts.Known[Key] = new RoomElsewhere(4, 3, [2]);
        Assert.Equal(new RoomAudience(5, 5), await viewers.ReadAsync(Key, CancellationToken.None));
        room.NotePeak(20);
        room.NotePeak(2);
        Assert.Equal(new RoomAudience(5, 20), await viewers.ReadAsync(Key, CancellationToken.None));
    }

    [Fact]
    public async Task Whether_somebody_has_joined_elsewhere_is_read_unless_it_is_known()
    {
        var viewers = new RoomViewers(_rooms, _counts);
        _counts.Known[Key] = RoomElsewhere.Nobody;
        Assert.False(await viewers.IsJoinedElsewhereAsync(Key, CancellationToken.None));
        _counts.Known[Key] = RoomElsewhere.Nobody;
        // The node has not told yet how many those are.
        _counts.Stored[Key] = new RoomElsewhere(0, 0, [2]);
        Assert.True(await viewers.IsJoinedElsewhereAsync(Key, CancellationToken.None));
        Assert.True(await viewers.IsJoinedElsewhereAsync(Key, CancellationToken.None));
        Assert.Equal(2, _counts.Reads);
    }

    private RoomMember Join(long userId)
    {
        var session = Fakes.Session(userId);
        return _rooms.Change(Key, room =>
        {
            var member = new RoomMember(session, room);
            session.Memberships.Add(member);
            room.Add(member);
            return member;
        });
    }
}
