using Microsoft.Extensions.Options;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Tests.Server.Events;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>What a room's members and moderators see where others are in the room on other nodes.</summary>
public sealed class SeveralNodesTests
{
    private static readonly RoomKey Key = new(1, 7);
    private static readonly TimeSpan Ban = TimeSpan.FromMinutes(1);

    private readonly RoomTable _table = new(Options.Create(new RoomsOptions()));
    private readonly NotedCounts _counts = new();
    private readonly Relay _relay = new();
    private readonly Policy _policy = new();
    private readonly RoomRestrictions _restrictions = new(new NoRestrictions(), TimeProvider.System);
    private readonly RoomService _rooms;

    public SeveralNodesTests()
    {
        var (bus, epochs) = (new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease));
        _rooms = new RoomService(
            _table, new RoomExits(_table, bus, epochs), _restrictions, new BusTests.EmptyHistory(), _policy, bus, epochs, Options.Create(new RoomsOptions()), feed: null, _counts, _relay);
    }

    [Fact]
    public async Task Viewers_of_other_nodes_are_in_the_answer_to_a_JOIN_and_in_the_heartbeat()
    {
        _counts.Stored[Key] = new RoomElsewhere(41, 41, [2, 3]);
        var session = Fakes.Session(10001);
        await JoinAsync(session);
        Assert.Contains("\"viewers\":42", Fakes.SentTo(session), StringComparison.Ordinal);
        Assert.Equal(42, _policy.Viewers);
        _counts.Known[Key] = new RoomElsewhere(8, 41, [2, 3]);
        Assert.Equal(9, _rooms.ViewersOf(session)["7"]);
    }

    [Fact]
    public async Task A_kick_counts_the_connections_of_all_nodes()
    {
        var session = Fakes.Session(10001);
        await JoinAsync(session);
        _relay.Removed = 2;
        Assert.Equal(3, await _rooms.KickAsync(Key, 10001, ban: null, CancellationToken.None));
        Assert.Contains("\"reason\":\"removed\"", Fakes.SentTo(session), StringComparison.Ordinal);
        Assert.Equal(2, await _rooms.KickAsync(Key, 10001, ban: null, CancellationToken.None));
    }

    [Fact]
    public async Task A_ban_is_stored_before_other_nodes_are_asked_to_remove_its_user()
    {
        var wasBanned = false;
        _relay.OnKick = ban => wasBanned = ban == Ban && _restrictions.Remaining(new RestrictionKey(1, 7, 10001, RestrictionKind.Banned)) is not null;
        await _rooms.KickAsync(Key, 10001, Ban, CancellationToken.None);
        Assert.True(wasBanned);
    }

    [Fact]
    public async Task Users_of_all_nodes_come_in_one_order_and_each_once()
    {
        await JoinAsync(Fakes.Session(10003));
        await JoinAsync(Fakes.Session(10001));
        _relay.Users = [10002, 10003, 10005];
        Assert.Equal([10001, 10002, 10003, 10005], await _rooms.UsersAsync(Key, 0, 10, CancellationToken.None));
        Assert.Equal([10001, 10002], await _rooms.UsersAsync(Key, 0, 2, CancellationToken.None));
        Assert.Equal((0, 2), _relay.Asked);
    }

    [Fact]
    public async Task Guests_of_all_nodes_are_one_number_and_each_is_one_guest_on_a_node()
    {
        var members = new[] { Ids.FirstGuest, Ids.FirstGuest, Ids.FirstGuest + 9, Ids.FirstGuest - 1 }.Select(Enter).ToList();
        Assert.Equal(2, await _rooms.GuestsAsync(Key, CancellationToken.None));
        _relay.Guests = 3;
        Assert.Equal(5, await _rooms.GuestsAsync(Key, CancellationToken.None));
        _table.Change(Key, room => room.Remove(members[0]));
        Assert.Equal(5, await _rooms.GuestsAsync(Key, CancellationToken.None));
        _table.Change(Key, room => room.Remove(members[2]));
        Assert.Equal(4, await _rooms.GuestsAsync(Key, CancellationToken.None));

        RoomMember Enter(long user) => _table.Change(Key, room =>
        {
            var member = new RoomMember(Fakes.Session(user), room);
            room.Add(member);
            return member;
        });
    }

    [Fact]
    public async Task Whether_a_user_is_in_the_room_is_asked_of_others_where_he_is_not_here()
    {
        await JoinAsync(Fakes.Session(10001));
        Assert.True(await _rooms.HasUserAsync(Key, 10001, CancellationToken.None));
        Assert.False(await _rooms.HasUserAsync(Key, 10002, CancellationToken.None));
        _relay.Users = [10002];
        Assert.True(await _rooms.HasUserAsync(Key, 10002, CancellationToken.None));
    }

    private async Task JoinAsync(Session session) => await _rooms.JoinAsync(session, new RoomRequest { RoomId = 7 });

    private sealed class Relay : IRoomRelay
    {
        public int Removed { get; set; }

        public long[] Users { get; set; } = [];

        public int Guests { get; set; }

        public (long Above, int Count) Asked { get; private set; }

        public Action<TimeSpan?> OnKick { get; set; } = _ => { };

        public ValueTask<int> KickAsync(RoomKey room, long userId, TimeSpan? ban, CancellationToken cancellationToken)
        {
            OnKick(ban);
            return ValueTask.FromResult(Removed);
        }

        public ValueTask<IReadOnlyList<long>> UsersAsync(RoomKey room, long above, int count, CancellationToken cancellationToken)
        {
            Asked = (above, count);
            return ValueTask.FromResult<IReadOnlyList<long>>(Users);
        }

        public ValueTask<int> GuestsAsync(RoomKey room, CancellationToken cancellationToken) => ValueTask.FromResult(Guests);

        public ValueTask<bool> HasUserAsync(RoomKey room, long userId, CancellationToken cancellationToken)
        {
            Assert.NotEqual(10001, userId);
            return ValueTask.FromResult(Users.Contains(userId));
        }
    }

    private sealed class Policy : IRoomPolicy
    {
        public int Viewers { get; private set; }

        public RoomStatus StatusOf(RoomKey key) => RoomStatus.Unlisted;

        public void Closed(RoomKey key)
        {
        }

        public void Joined(RoomKey key, TokenIdentity who, int viewers) => Viewers = viewers;
    }
}
