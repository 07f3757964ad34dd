using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Api;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Tests.Server.Rooms;

namespace Sailfish.Tests.Server.Api;

public sealed class OnlineUsersTests
{
    private const long App = 1;
    private const long Sender = 10001;

    private readonly NotedCounts _counts = new();
    private readonly SessionList _sessions = new();
    private readonly OnlineUsers _online;

    public OnlineUsersTests() => _online = new OnlineUsers(new RoomViewers(NewRooms(), _counts), _sessions);

    [Fact]
    public async Task A_node_that_is_alone_knows_it_from_the_delivery()
    {
        var alone = new OnlineUsers(new RoomViewers(NewRooms()));
        Assert.Equal(2, await alone.CountAsync([ToUser(10002, online: 1), ToUser(10003, online: 1), ToUser(10004)], CancellationToken.None));
        Assert.Equal(5, await alone.CountAllAsync(App, 5, CancellationToken.None));
    }

    [Fact]
    public async Task In_a_room_the_viewers_of_other_nodes_are_added()
    {
        var room = new RoomKey(App, 7);
        _counts.Stored[room] = new RoomElsewhere(40, 40, [2]);
        Assert.Equal(42, await _online.CountAsync([Of(room.Conversation, online: 2)], CancellationToken.None));
    }

    [Fact]
    public async Task A_user_who_is_online_on_any_node_is_counted_once()
    {
        _sessions.Sessions.AddRange([(10002, 1), (10002, 2), (10003, 2), (10003, 3)]);
        Assert.Equal(2, await _online.CountAsync([ToUser(10002, online: 1), ToUser(10003), ToUser(10004)], CancellationToken.None));
    }

    [Fact]
    public async Task What_was_stored_before_is_delivered_to_nobody()
    {
        _sessions.Sessions.Add((10002, 2));
        _counts.Stored[new RoomKey(App, 7)] = new RoomElsewhere(40, 40, [2]);
        var (again, room) = (ToUser(10002), Of(ConversationKey.Room(App, 7)));
        (again.IsDuplicate, room.IsDuplicate) = (true, true);
        Assert.Equal(0, await _online.CountAsync([again], CancellationToken.None));
        Assert.Equal(0, await _online.CountAsync([room], CancellationToken.None));
    }

    [Fact]
    public async Task For_all_users_those_of_all_nodes_are_counted()
    {
        _sessions.Sessions.AddRange([(10002, 1), (10002, 2), (10003, 2)]);
        Assert.Equal(2, await _online.CountAllAsync(App, 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_store_that_cannot_count_makes_no_failure_of_what_was_sent()
    {
        _sessions.IsAway = true;
        Assert.Equal(1, await _online.CountAsync([ToUser(10002, online: 1), ToUser(10003)], CancellationToken.None));
        Assert.Equal(3, await _online.CountAllAsync(App, 3, CancellationToken.None));
    }

    private static RoomTable NewRooms() => new(Options.Create(new RoomsOptions()));

    private static Submission ToUser(long userId, int online = 0) => Of(ConversationKey.Direct(App, Sender, userId), online);

    private static Submission Of(ConversationKey conversation, int online = 0) =>
        new() { Conversation = conversation, SenderId = Sender, BizCode = BizCodes.Chat, Data = "{}", Time = 1, OnlineUsers = online };
}
