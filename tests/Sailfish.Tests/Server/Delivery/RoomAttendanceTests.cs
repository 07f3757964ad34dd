using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Events;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>That messages of a room come to a node from its first member's JOIN on, and until some time after the last has left.</summary>
public sealed class RoomAttendanceTests : IDisposable
{
    private static readonly RoomKey Key = new(1, 7);

    private readonly FeedParts _node = new();
    private readonly Routes _routes = new();
    private readonly FakeRepairSource _source;
    private readonly RoomAttendance _attendance;
    private readonly RoomService _service;

    public RoomAttendanceTests()
    {
        _source = new FakeRepairSource(_node.History, ConversationKey.Direct(1, 10001, 10002));
        _attendance = new RoomAttendance(
            _routes, _source, new RoomEnds(_node.Rooms, _node.Gaps), _node.Sequencer, _node.Dispatcher, _node.Rooms, _node.Time, NullLogger<RoomAttendance>.Instance);
        var (bus, epochs) = (new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease));
        _service = new RoomService(
            _node.Rooms, new RoomExits(_node.Rooms, bus, epochs), new RoomRestrictions(new NoRestrictions(), TimeProvider.System), _node.History, _node.Policy, bus, epochs,
            Options.Create(new RoomsOptions()), _attendance);
    }

    public void Dispose() => _attendance.Dispose();

    [Fact]
    public async Task The_first_member_waits_until_messages_come_and_the_others_wait_with_it_once()
    {
        _routes.Gate = new TaskCompletionSource();
        var (first, second) = (Fakes.Session(10001), Fakes.Session(10002));
        var joins = new[] { JoinAsync(first), JoinAsync(second) };
        await Wait.UntilAsync(() => _routes.Noted.Count == 1);
        _node.Take(_node.History.Append(Key.Conversation));
        Assert.Empty(Fakes.SentIfAny(first));
        _routes.Gate.SetResult();
        await Task.WhenAll(joins);
        await JoinAsync(Fakes.Session(10003));
        Assert.Equal(["attend"], _routes.Noted);
        Assert.Contains("\"seq\":1", Fakes.SentTo(first), StringComparison.Ordinal);

        _node.Take(_node.History.Append(Key.Conversation));
        Assert.Equal([2], FeedParts.Given(first));
    }

    [Fact]
    public async Task A_JOIN_that_fails_is_none_and_the_next_one_tries_again()
    {
        _routes.IsAway = true;
        await Assert.ThrowsAsync<IOException>(() => JoinAsync(Fakes.Session(10001)));
        Assert.Empty(_node.Rooms.All);
        _routes.IsAway = false;
        var session = Fakes.Session(10001);
        await JoinAsync(session);
        Assert.Contains("viewers", Fakes.SentTo(session), StringComparison.Ordinal);
    }

    /// <summary>Nobody here could be told: the message came before anybody was in the room.</summary>
    [Fact]
    public async Task A_room_that_ended_before_its_first_member_came_ends_behind_the_answer_to_it()
    {
        _node.History.Append(Key.Conversation);
        _node.History.Append(Key.Conversation);
        _source.Closed.Add(Key);
        var session = Fakes.Session(10001);
        await JoinAsync(session);
        var told = Fakes.SentTo(session);
        Assert.InRange(told.IndexOf("viewers", StringComparison.Ordinal), 0, told.IndexOf("\"msgId\"", StringComparison.Ordinal));
        Assert.Equal([Key], _node.Policy.Ended);
        Assert.Empty(_node.Rooms.All);
    }

    [Fact]
    public async Task A_room_is_left_30_s_after_its_last_member()
    {
        var session = Fakes.Session(10001);
        await JoinAsync(session);
        await LookAfterAsync(100);
        _service.Leave(session, 7);
        await LookAfterAsync(0);
        await LookAfterAsync(29);
        // Somebody comes back: nothing is noted again.
        await JoinAsync(session);
        await LookAfterAsync(1);
        _service.Leave(session, 7);
        await LookAfterAsync(1);
        await LookAfterAsync(29);
        Assert.Equal(["attend"], _routes.Noted);
        await LookAfterAsync(1);
        Assert.Equal(["attend", "leave"], _routes.Noted);
        Assert.Equal(0, _attendance.Count);
    }

    [Fact]
    public async Task Who_joins_while_a_room_is_being_left_attends_it_anew_behind_that()
    {
        var session = Fakes.Session(10001);
        await JoinAsync(session);
        _service.Leave(session, 7);
        await LookAfterAsync(0);
        _routes.Gate = new TaskCompletionSource();
        var leaving = LookAfterAsync(30);
        await Wait.UntilAsync(() => _routes.Noted.Count == 2);
        var joining = JoinAsync(session);
        _routes.Gate.SetResult();
        await Task.WhenAll(leaving, joining);
        Assert.Equal(["attend", "leave", "attend"], _routes.Noted);
        _node.Take(_node.History.Append(Key.Conversation));
        Assert.Contains("\"seq\":1", Fakes.SentTo(session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_left_is_tried_again()
    {
        var session = Fakes.Session(10001);
        await JoinAsync(session);
        _service.Leave(session, 7);
        await LookAfterAsync(0);
        _routes.IsAway = true;
        await LookAfterAsync(30);
        _routes.IsAway = false;
        await LookAfterAsync(1);
        Assert.Equal(["attend", "leave", "leave"], _routes.Noted);
        Assert.Equal(0, _attendance.Count);
    }

    [Fact]
    public async Task A_room_that_may_have_been_left_is_attended_anew_by_who_comes_back()
    {
        var session = Fakes.Session(10001);
        await JoinAsync(session);
        _service.Leave(session, 7);
        await LookAfterAsync(0);
        _routes.LosesAnswers = true;
        await LookAfterAsync(30);
        _routes.LosesAnswers = false;
        Assert.False(_routes.IsAttended(Key));
        await JoinAsync(session);
        Assert.True(_routes.IsAttended(Key));
        Assert.Equal(["attend", "leave", "attend"], _routes.Noted);
    }

    [Fact]
    public async Task Rooms_that_are_empty_are_left_together()
    {
        const int Count = 100;
        for (var room = 1; room <= Count; room++)
        {
            var session = Fakes.Session(10001);
            await _service.JoinAsync(session, new RoomRequest { RoomId = room });
            _service.Leave(session, room);
        }

        await LookAfterAsync(0);
        _routes.Gate = new TaskCompletionSource();
        var leaving = LookAfterAsync(30);
        await Wait.UntilAsync(() => _routes.CountOf("leave") == Count);
        _routes.Gate.SetResult();
        await leaving;
        Assert.Equal(0, _attendance.Count);
    }

    [Fact]
    public async Task A_store_that_lost_what_was_noted_is_told_again()
    {
        for (var room = 1; room <= 300; room++)
            await _service.JoinAsync(Fakes.Session(10001), new RoomRequest { RoomId = room });
        _routes.Forget();
        Assert.False(_routes.IsAttended(Key));
        await _attendance.AttendAgainAsync(CancellationToken.None);
        Assert.All(Enumerable.Range(1, 300), room => Assert.True(_routes.IsAttended(new RoomKey(1, room))));
    }

    /// <summary>A message that is committed at any moment of a JOIN is in its answer, or comes behind it.</summary>
    [Fact]
    public async Task A_JOIN_and_messages_at_once_lose_none()
    {
        for (var round = 0; round < 300; round++)
        {
            var key = new RoomKey(1, 1000 + round);
            var session = Fakes.Session(10001);
            var joining = Task.Run(() => _service.JoinAsync(session, new RoomRequest { RoomId = key.RoomId, History = 100 }).AsTask());
            var saying = Task.Run(() =>
            {
                for (var i = 0; i < 20; i++)
                {
                    // As the store does: who is to be told is read after the commit.
                    var message = _node.History.Append(key.Conversation);
                    if (_routes.IsAttended(key))
                        _node.Dispatcher.TryReceive([new CommittedMessage(message, default)]);
                }
            });
            await Task.WhenAll(joining, saying);
            _node.Dispatcher.Do(_ => { });
            HashSet<long> given = [];
            await Wait.UntilAsync(() =>
            {
                given.UnionWith(FeedParts.Given(session));
                return given.Count == 20;
            });
        }
    }

    private async Task JoinAsync(Session session) => await _service.JoinAsync(session, new RoomRequest { RoomId = 7 });

    private Task LookAfterAsync(int seconds)
    {
        _node.Time.Advance(TimeSpan.FromSeconds(seconds));
        return _attendance.LeaveEmptyAsync(CancellationToken.None);
    }

    private sealed class Routes : IRoomRoutes
    {
        private readonly HashSet<RoomKey> _attended = [];

        public List<string> Noted { get; } = [];

        public bool IsAway { get; set; }

        /// <summary>What is asked of it is done, and told to have failed.</summary>
        public bool LosesAnswers { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public int CountOf(string what)
        {
            lock (_attended)
                return Noted.Count(noted => noted == what);
        }

        public bool IsAttended(RoomKey room)
        {
            lock (_attended)
                return _attended.Contains(room);
        }

        public void Forget()
        {
            lock (_attended)
                _attended.Clear();
        }

        public ValueTask AttendAsync(RoomKey room, CancellationToken cancellationToken) => NoteAsync("attend", room, isAttended: true);

        public ValueTask LeaveAsync(RoomKey room, CancellationToken cancellationToken) => NoteAsync("leave", room, isAttended: false);

        private async ValueTask NoteAsync(string what, RoomKey room, bool isAttended)
        {
            lock (_attended)
                Noted.Add(what);
            if (IsAway)
                throw new IOException("The store is away.");
            if (Gate is not null)
                await Gate.Task;
            lock (_attended)
                _ = isAttended ? _attended.Add(room) : _attended.Remove(room);
            if (LosesAnswers)
                throw new IOException("The connection was lost.");
        }
    }

    private sealed class NoRestrictions : IRestrictionStore
    {
        public IReadOnlyList<RoomRestriction> LoadActive(long now) => [];

        public ValueTask<RoomRestriction?> FindAsync(RestrictionKey key, CancellationToken cancellationToken) => new((RoomRestriction?)null);

        public Task SaveAsync(RoomRestriction restriction, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RemoveAsync(RestrictionKey key, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RemoveEndedAsync(long now, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
