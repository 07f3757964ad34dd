using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Living;

/// <summary>What a room's members are told of it, and when.</summary>
public sealed partial class RoomStatesTests
{
    private const long App = 1;
    private const long Anchor = 100_001;
    private static readonly RoomKey Key = new(App, LivingRoom.FirstId);

    private readonly FakeTimeProvider _time = new();
    private readonly HandStreams _streams = new();
    private readonly RoomTable _rooms = new(Options.Create(new RoomsOptions()));
    private readonly CountingAccountStore _accounts = new();
    private readonly LivingTable _table;
    private readonly RoomStates _states;
    private readonly Session _viewer = Fakes.Session(20_001, features: [FeatureWords.State]);

    public RoomStatesTests()
    {
        var apps = new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]);
        _table = new LivingTable(
            new FakeLivingHistory { Last = Key.RoomId, Open = [new LivingRoomRow(Key.RoomId, App, Anchor, 1, "房间 \"one\"", 1, 0, 0, "hello")] }, apps, _time);
        _states = new RoomStates(
            _table, _rooms, new RoomViewers(_rooms), _streams, new AccountDirectory(_accounts, apps), _time, NullLogger<RoomStates>.Instance);
    }

    private LivingRoom Living => _table.Find(Key)!;

    [Fact]
    public void A_JOIN_answer_has_the_whole_state_and_a_room_that_is_no_living_room_has_none()
    {
        _streams.Set(Key, new RoomStream(StreamState.Live, 1280, 720));
        var answer = _states.Describe(Key, new RoomReply { RoomId = Key.RoomId, Viewers = 5 }, Named(20_001, null));
        Assert.Equal(
            new RoomReply
            {
                RoomId = Key.RoomId,
                Viewers = 5,
                Stream = "live",
                StreamUrl = $"/live/{Key.RoomId}?for=20001",
                Width = 1280,
                Height = 720,
                Title = "房间 \"one\"",
                Announcement = "hello",
            },
            answer);
        var own = new RoomReply { RoomId = 7, Viewers = 5 };
        Assert.Same(own, _states.Describe(new RoomKey(App, 7), own, Named(20_001, null)));
        Assert.Null(_states.Whole(new RoomKey(App, 7)));
    }

    [Fact]
    public void What_has_changed_is_told_and_nothing_else_and_nothing_when_nothing_did()
    {
        Enter(_viewer);
        Assert.Equal("""{"roomId":1000001,"event":"state","viewers":1}""", Second());
        Assert.Equal("", Second());
        _streams.Set(Key, new RoomStream(StreamState.Live, 640, 360));
        Assert.Equal("""{"roomId":1000001,"event":"state","stream":"live","width":640,"height":360}""", Second());
        _streams.Set(Key, new RoomStream(StreamState.Away, 640, 360));
        Living.NoteTexts(Living.Row with { Name = "两", Announcement = "", Edition = 1 });
        Assert.Equal("""{"roomId":1000001,"event":"state","stream":"away","title":"两","announcement":""}""", Second());
        Enter(Fakes.Session(20_002));
        Assert.Equal("""{"roomId":1000001,"event":"state","viewers":2}""", Second());
        Assert.Contains("\"title\":\"两\"", _states.Whole(Key)!.Data, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_told_at_once_when_a_stream_changes_but_at_most_once_a_second()
    {
        Enter(_viewer);
        Second();
        _time.Advance(TimeSpan.FromSeconds(3));
        _streams.Tell(Key, new RoomStream(StreamState.Live));
        Assert.Contains("live", Told(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        _streams.Tell(Key, new RoomStream(StreamState.Away));
        _states.Tell(Living);
        Assert.Equal("", Told());
        _time.Advance(TimeSpan.FromMilliseconds(500));
        _states.Tell(Living);
        Assert.Contains("away", Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_was_shown_at_his_JOIN_and_was_so_for_a_moment_only_is_told_again()
    {
        Enter(_viewer);
        Second();
        _streams.Set(Key, new RoomStream(StreamState.Live, 640, 360));
        _states.Describe(Key, new RoomReply { RoomId = Key.RoomId, Viewers = 2 }, Named(20_002, null));
        _streams.Set(Key, default);
        Assert.Equal("""{"roomId":1000001,"event":"state","stream":"off","width":0,"height":0,"viewers":1}""", Second());
        Assert.Equal("", Second());
    }

    [Fact]
    public void Of_several_nodes_viewers_are_told_each_two_seconds_and_all_else_each_second()
    {
        var counts = new Counts();
        var states = new RoomStates(
            _table, _rooms, new RoomViewers(_rooms, counts), _streams, new AccountDirectory(_accounts, new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }])),
            _time, NullLogger<RoomStates>.Instance, counts);
        Enter(_viewer);
        List<string> told = [];
        for (var i = 0; i < 6; i++)
        {
            counts.Viewers++;
            _streams.Set(Key, new RoomStream(StreamState.Live, i + 1, i + 1));
            _time.Advance(TimeSpan.FromSeconds(1));
            states.Tell(Living);
            told.Add(Told());
        }

        Assert.All(told, t => Assert.Contains("width", t, StringComparison.Ordinal));
        Assert.Equal(["\"viewers\":2", "", "\"viewers\":4", "", "\"viewers\":6", ""], told.Select(t => Viewers().Match(t).Value));
    }

    [Fact]
    public async Task Up_to_three_of_those_who_came_are_named_as_in_chat_and_the_anchor_guests_and_the_nameless_are_not()
    {
        await _accounts.CreateAsync(App, "star", "hash", "Star", 1);
        Living.Anchor = new Account(Anchor, "anchor", "hash", "Mia", null);
        Enter(_viewer);
        Second();
        foreach (var identity in (TokenIdentity[])[Named(20_002, null), Named(1L << 52, "Guest"), Named(Anchor, "Mia"), Named(20_003, "Мiа"), Named(20_004, "Bob"), Named(20_005, "Ann"), Named(20_006, "Too many")])
            _states.Entered(Key, identity);
        Assert.Equal("""{"roomId":1000001,"event":"state","joined":["Мiа (20003)","Bob","Ann"]}""", Second());
        Assert.Equal("", Second());
    }

    [Fact]
    public async Task An_account_is_named_by_its_nick_name()
    {
        await _accounts.CreateAsync(App, "star", "hash", "Star", 1);
        _accounts.LastId = 200_000;
        Enter(_viewer);
        Second();
        _states.Entered(Key, Named(Account.FirstId + 1, null) with { IsAccount = true });
        Assert.Equal("", Second());
        // The room's own anchor has the first id here.
        var other = new LivingRoomRow(Key.RoomId + 1, App, 300_000, 1, "other", 1, 0, 0);
        var room = _table.Add(other);
        _states.Entered(room.Key, Named(Account.FirstId, null) with { IsAccount = true });
        Assert.Equal(["Star"], room.Told.TakeJoined());
    }

    [Fact]
    public void In_rooms_with_more_than_two_hundred_viewers_nobody_is_named()
    {
        for (var i = 0; i < 200; i++)
            Enter(Fakes.Session(30_000 + i));
        _states.Entered(Key, Named(20_002, "Ann"));
        Assert.Equal(["Ann"], Living.Told.TakeJoined());
        Enter(_viewer);
        _states.Entered(Key, Named(20_002, "Ann"));
        Assert.Empty(Living.Told.TakeJoined());
    }

    private static TokenIdentity Named(long user, string? name) => new(new UserKey(App, user), name, null, null);

    private void Enter(Session session) => _rooms.Change(Key, room =>
    {
        var member = new RoomMember(session, room, _states);
        session.Memberships.Add(member);
        Assert.True(member.TryAnswer(null));
        return room.Add(member);
    });

    /// <summary>What the viewer is told in the next round of the keeper, as the inner JSON.</summary>
    private string Second()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _states.Tell(Living);
        return Told();
    }

    private string Told()
    {
        var sent = Fakes.SentIfAny(_viewer);
        if (sent.Length == 0)
            return "";
        using var body = JsonDocument.Parse(sent[sent.IndexOf('{', StringComparison.Ordinal)..]);
        Assert.Equal(BizCodes.RoomState, body.RootElement.GetProperty("bizCode").GetInt32());
        Assert.False(body.RootElement.TryGetProperty("seq", out _));
        return body.RootElement.GetProperty("data").GetString()!;
    }

    [GeneratedRegex("\"viewers\":[0-9]+")]
    private static partial Regex Viewers();

    private sealed class Counts : IRoomCounts
    {
        public int Viewers { get; set; }

        public RoomElsewhere? Find(RoomKey room) => new(Viewers, Viewers, []);

        public ValueTask<RoomElsewhere> ReadAsync(RoomKey room, CancellationToken cancellationToken) => new(Find(room)!);
    }
}
