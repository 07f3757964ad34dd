using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>The pump reads a room's members without a lock while others join and leave.</summary>
public sealed class RoomConcurrencyTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(900)]
    [InlineData(1500)]
    public async Task A_pass_over_the_members_meets_everybody_who_is_there_all_the_time(int lasting)
    {
        var room = new Room(new RoomKey(1, 7), 16);
        var stay = Members(room, 20_000, lasting);
        var churn = Members(room, 50_000, 300);
        // Those who stay are among those who go: each removal may move one of them.
        var mixed = stay.Concat(churn).ToArray();
        new Random(1).Shuffle(mixed);
        foreach (var member in mixed)
            Change(room, member, isIn: false);

        using var stop = new CancellationTokenSource();
        var churning = Task.Run(() => Churn(room, churn, stop.Token));
        var passes = lasting > 100 ? 2000 : 20_000;
        var missed = 0;
        for (var pass = 0; pass < passes; pass++)
        {
            var met = Pass(room);
            missed += stay.Count(m => !met.Contains(m));
        }

        await stop.CancelAsync();
        await churning;
        Assert.Equal(0, missed);
    }

    [Fact]
    public void Viewers_count_users_and_not_connections()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        var first = new RoomMember(Fakes.Session(10001), room);
        var second = new RoomMember(Fakes.Session(10001), room);
        var other = new RoomMember(Fakes.Session(10002), room);
        Assert.True(room.Add(first));
        Assert.False(room.Add(second));
        Assert.True(room.Add(other));
        Assert.Equal((2, 2), (room.Viewers, room.Peak));
        Assert.Equal([first, second], room.MembersOf(10001).OrderBy(m => m.Index));
        Assert.False(room.Remove(first));
        Assert.False(room.Remove(first));
        Assert.True(room.Remove(second));
        Assert.Equal((1, 2), (room.Viewers, room.Peak));
        Assert.Equal([10002L], room.Users(0, 10));
        Assert.True(room.Remove(other));
        Assert.Empty(room.Segments);
    }

    private static RoomMember[] Members(Room room, long firstUser, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new RoomMember(Fakes.Session(firstUser + i), room))];

    private static void Change(Room room, RoomMember member, bool isIn)
    {
        lock (room)
        {
            if (isIn)
                room.Remove(member);
            else
                room.Add(member);
        }
    }

    private static void Churn(Room room, RoomMember[] members, CancellationToken stop)
    {
        var random = new Random(2);
        var isIn = Enumerable.Repeat(true, members.Length).ToArray();
        while (!stop.IsCancellationRequested)
        {
            var index = random.Next(members.Length);
            Change(room, members[index], isIn[index]);
            isIn[index] = !isIn[index];
        }
    }

    /// <summary>As RoomPump reads.</summary>
    private static HashSet<RoomMember> Pass(Room room)
    {
        HashSet<RoomMember> met = [];
        foreach (var segment in room.Segments)
        {
            var members = segment.Members;
            for (var i = members.Length - 1; i >= 0; i--)
            {
                if (Volatile.Read(in members[i]) is { } member)
                    met.Add(member);
            }
        }

        return met;
    }
}
