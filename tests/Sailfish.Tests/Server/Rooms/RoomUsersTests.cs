using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>The users of a room, in pages.</summary>
public sealed class RoomUsersTests
{
    private const int Users = 5_000;
    private const long First = 10_001;

    private readonly Room _room = new(new RoomKey(1, 7), maxInFlight: 1);

    [Fact]
    public void A_page_has_the_users_above_an_id_in_their_order_each_once()
    {
        foreach (var user in new[] { 10_005, 10_001, 10_003, 10_001 })
            Add(user);
        Assert.Equal([10_001, 10_003, 10_005], _room.Users(0, 10));
        Assert.Equal([10_001, 10_003], _room.Users(0, 2));
        Assert.Equal([10_003, 10_005], _room.Users(10_001, 10));
        Assert.Equal([10_005], _room.Users(10_004, 10));
        Assert.Empty(_room.Users(10_005, 10));
        Assert.Empty(_room.Users(long.MaxValue, 10));
        Assert.Empty(_room.Users(0, 0));
    }

    [Fact]
    public void Who_is_there_twice_is_a_user_until_both_have_left()
    {
        var (one, two) = (Add(Ids.FirstGuest), Add(Ids.FirstGuest));
        Assert.Equal((1, 1), (_room.Viewers, _room.Guests));
        Remove(one);
        Assert.Equal((1, 1), (_room.Viewers, _room.Guests));
        Assert.Empty(_room.Users(0, 10));
        Remove(two);
        Remove(two);
        Assert.Equal((0, 0, 0), (_room.Viewers, _room.Guests, _room.Users(0, 10).Count));
    }

    [Fact]
    public void A_page_costs_what_it_holds_however_many_users_there_are()
    {
        for (var i = 0; i < Users; i++)
            Add(First + (i * 7 % Users));
        Assert.Equal(Enumerable.Range(1_001, 100).Select(i => First + i), _room.Users(First + 1_000, 100));
        var before = GC.GetAllocatedBytesForCurrentThread();
        _room.Users(First + 1_000, 100);
        // The ids of all are five times as much.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 800, sizeof(long) * Users / 5);
    }

    private RoomMember Add(long user)
    {
        var member = new RoomMember(Fakes.Session(user), _room);
        lock (_room)
            _room.Add(member);
        return member;
    }

    private void Remove(RoomMember member)
    {
        lock (_room)
            _room.Remove(member);
    }
}
