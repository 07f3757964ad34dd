using System.Buffers;
using System.Text;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Tests.Server.Events;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>What comes between the look at a JOIN and its place in the room.</summary>
public sealed class RoomServiceTests
{
    private static readonly RoomKey Room = new(1, 7);

    [Fact]
    public async Task A_ban_that_comes_while_a_JOIN_is_looked_at_keeps_the_user_out()
    {
        RoomRestrictions restrictions = new(new NoRestrictions(), TimeProvider.System);
        var ban = new RestrictionKey(1, 7, 10001, RestrictionKind.Banned);
        var (session, table) = await JoinAsync(restrictions, new Policy(), () => restrictions.SetAsync(ban, TimeSpan.FromMinutes(1), CancellationToken.None).Wait());
        Assert.Null(table.Find(Room));
        Assert.Empty(session.Memberships.All);
        Assert.Contains("\"banned\"", Sent(session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_that_comes_while_a_JOIN_is_looked_at_refuses_it()
    {
        var policy = new Policy();
        var (session, table) = await JoinAsync(new(new NoRestrictions(), TimeProvider.System), policy, () => policy.Closed(Room));
        Assert.Null(table.Find(Room));
        Assert.Empty(session.Memberships.All);
        var sent = Sent(session);
        Assert.Contains("\"room_closed\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("viewers", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null, nameof(RoomStatus.Unlisted), null)]
    [InlineData(false, null, nameof(RoomStatus.Open), null)]
    [InlineData(false, null, nameof(RoomStatus.Closed), "room_closed")]
    [InlineData(false, 7L, nameof(RoomStatus.Unlisted), null)]
    [InlineData(false, 7L, nameof(RoomStatus.Open), null)]
    [InlineData(false, 8L, nameof(RoomStatus.Unlisted), "bad_room")]
    [InlineData(false, 8L, nameof(RoomStatus.Open), "bad_room")]
    [InlineData(false, 8L, nameof(RoomStatus.Closed), "bad_room")]
    [InlineData(true, null, nameof(RoomStatus.Unlisted), "bad_room")]
    [InlineData(true, null, nameof(RoomStatus.Open), null)]
    [InlineData(true, null, nameof(RoomStatus.Closed), "room_closed")]
    [InlineData(true, 7L, nameof(RoomStatus.Unlisted), null)]
    [InlineData(true, 8L, nameof(RoomStatus.Unlisted), "bad_room")]
    [InlineData(true, 8L, nameof(RoomStatus.Open), null)]
    [InlineData(true, 8L, nameof(RoomStatus.Closed), "room_closed")]
    public async Task A_token_opens_the_rooms_that_it_names_and_an_accounts_living_rooms_and_nothing_else(
        bool isAccount, long? named, string status, string? refusal)
    {
        var policy = new Policy { Status = Enum.Parse<RoomStatus>(status) };
        var identity = new TokenIdentity(new UserKey(1, 10001), null, null, null)
        {
            IsAccount = isAccount,
            Rooms = named is { } id ? new HashSet<long> { id } : null,
        };
        var (session, _) = await JoinAsync(new(new NoRestrictions(), TimeProvider.System), policy, () => { }, Fakes.Session(10001, identity: identity));
        Assert.Equal(refusal is null ? 1 : 0, session.Memberships.All.Count);
        Assert.Contains(refusal is null ? "viewers" : $"\"{refusal}\"", Sent(session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_room_that_is_not_known_is_asked_for_and_one_that_is_known_is_not()
    {
        var policy = new Policy { Status = RoomStatus.Unlisted };
        var news = new News { Reading = () => policy.Status = RoomStatus.Open };
        var identity = new TokenIdentity(new UserKey(1, 10001), null, null, null) { IsAccount = true };
        var (session, _) = await JoinAsync(new(new NoRestrictions(), TimeProvider.System), policy, () => { }, Fakes.Session(10001, identity: identity), news);
        Assert.Contains("viewers", Sent(session), StringComparison.Ordinal);
        // Once more after messages come here.
        Assert.Equal(["read", "read", "entered 10001"], news.Asked);

        news = new News();
        await JoinAsync(new(new NoRestrictions(), TimeProvider.System), policy, () => { }, Fakes.Session(10001, identity: identity), news);
        Assert.Equal(["read", "entered 10001"], news.Asked);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("entered")]
    public async Task An_end_that_was_stored_before_messages_came_here_refuses_the_JOIN(string when)
    {
        var policy = new Policy();
        var news = new News();
        if (when == "read")
            news.Reading = () => policy.Closed(Room);
        else
            news.Entering = () => policy.Closed(Room);
        var (session, table) = await JoinAsync(new(new NoRestrictions(), TimeProvider.System), policy, () => { }, news: news);
        Assert.Null(table.Find(Room));
        Assert.Empty(session.Memberships.All);
        var sent = Sent(session);
        Assert.Contains("\"room_closed\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("viewers", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_be_told_what_others_decided_is_not_left_in_the_room()
    {
        var (failing, table) = (new News { Reading = () => throw new IOException() }, new RoomTable(Options.Create(new RoomsOptions())));
        var session = Fakes.Session(10001);
        await Assert.ThrowsAsync<IOException>(() => JoinAsync(new(new NoRestrictions(), TimeProvider.System), new Policy(), () => { }, session, failing, table));
        Assert.Null(table.Find(Room));
        Assert.Empty(session.Memberships.All);
    }

    private static async Task<(Session Session, RoomTable Table)> JoinAsync(
        RoomRestrictions restrictions, Policy policy, Action between, Session? session = null, IRoomNews? news = null, RoomTable? table = null)
    {
        table ??= new RoomTable(Options.Create(new RoomsOptions()));
        var (bus, epochs) = (new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease));
        var rooms = new RoomService(
            table, new RoomExits(table, bus, epochs), restrictions, new BusTests.EmptyHistory(), policy, bus, epochs, new Between(between), news: news);
        session ??= Fakes.Session(10001);
        await rooms.JoinAsync(session, new RoomRequest { RoomId = 7 });
        return (session, table);
    }

    private static string Sent(Session session)
    {
        Assert.True(session.Connection.Input.TryRead(out var read));
        var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        session.Connection.Input.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>The last that is looked at, for an open room, is how many rooms a connection may join.</summary>
    private sealed class Between(Action act) : IOptions<RoomsOptions>
    {
        private Action? _act = act;

        public RoomsOptions Value
        {
            get
            {
                var act = _act;
                _act = null;
                act?.Invoke();
                return new RoomsOptions();
            }
        }
    }

    /// <summary>What other nodes decided, and what was asked of it.</summary>
    private sealed class News : IRoomNews
    {
        public Action? Reading { get; set; }

        public Action? Entering { get; set; }

        public List<string> Asked { get; } = [];

        public ValueTask ReadAsync(RoomKey room)
        {
            Asked.Add("read");
            Reading?.Invoke();
            return default;
        }

        public ValueTask EnteredAsync(RoomKey room, long userId)
        {
            Asked.Add($"entered {userId}");
            Entering?.Invoke();
            return default;
        }
    }

    private sealed class Policy : IRoomPolicy
    {
        public RoomStatus Status { get; set; } = RoomStatus.Open;

        public RoomStatus StatusOf(RoomKey key) => Status;

        public void Closed(RoomKey key) => Status = RoomStatus.Closed;

        public void Joined(RoomKey key, TokenIdentity who, int viewers)
        {
        }
    }
}
