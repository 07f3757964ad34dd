using System.IO.Pipelines;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Events;
using Sailfish.Server.Identity;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>What one node of several delivers with, driven step by step, and sessions that tell what they were given.</summary>
internal sealed partial class FeedParts
{
    /// <summary>A socket that takes everything at once.</summary>
    private static readonly PipeOptions TakesAll = new(pauseWriterThreshold: 0);

    /// <summary>In the place of a seq: the session was told that it is behind.</summary>
    public const long Behind = -1;

    private readonly FlushSet _flushes = new();

    /// <param name="patience">How long the log may give no answer.</param>
    /// <param name="clock">The sequencer's; <see cref="Time"/> where none is given.</param>
    public FeedParts(TimeSpan? patience = null, TimeProvider? clock = null)
    {
        clock ??= Time;
        var (bus, epochs) = (new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease));
        Gaps = new GapReader(History, TimeProvider.System) { Patience = patience ?? TimeSpan.FromSeconds(20) };
        Pump = new RoomPump(Connections, new RoomExits(Rooms, bus, epochs), Gaps, Metrics, NullLogger<RoomPump>.Instance);
        Router = new Router(Sessions, Rooms, Policy, Pump, Metrics);
        RoomSequencer = new RoomSequencer(Rooms, Router, Pump, clock, NullLogger<RoomSequencer>.Instance);
        DirectSequencer = new DirectSequencer(Router, Delivered, clock);
        Sequencer = new Sequencer(RoomSequencer, DirectSequencer);
        Dispatcher = new Dispatcher(
            new Receipts(Metrics, new MessageMetrics(Fakes.Meters), NullLogger<Receipts>.Instance), Router, Pump, new AckTable(), bus, epochs, NullLogger<Dispatcher>.Instance,
            new Feed(Sequencer, DeliveryMetrics, NullLogger<Feed>.Instance));
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeHistory History { get; } = new();

    public SessionTable Sessions { get; } = new();

    public RoomTable Rooms { get; } = new(Options.Create(new RoomsOptions { MaxInFlight = 100 }));

    public ConnectionTable Connections { get; } = new(Fakes.Lease);

    public NotedPolicy Policy { get; } = new();

    public PushMetrics Metrics { get; } = new(Fakes.Meters);

    public DeliveryMetrics DeliveryMetrics { get; } = new(Fakes.Meters);

    public DeliveredConversations Delivered { get; } = new();

    public GapReader Gaps { get; }

    public RoomPump Pump { get; }

    public Router Router { get; }

    public RoomSequencer RoomSequencer { get; }

    public DirectSequencer DirectSequencer { get; }

    public Sequencer Sequencer { get; }

    /// <summary>With a loop of its own: not to be used beside the steps below.</summary>
    public Dispatcher Dispatcher { get; }

    public Session LogIn(long userId, int protocol = 2, PipeOptions? pipe = null)
    {
        var session = Fakes.Session(userId, protocol: protocol, pipe: pipe ?? TakesAll);
        Sessions.Change(session.User, sessions =>
        {
            sessions.Add(session);
            return true;
        });
        return session;
    }

    public void LogOut(Session session) => Sessions.Change(session.User, sessions => sessions.Remove(session));

    /// <summary>A member that has read the log as far as it goes.</summary>
    public RoomMember Join(RoomKey key, long userId)
    {
        var session = Fakes.Session(userId, pipe: TakesAll);
        var member = Rooms.Change(key, room =>
        {
            var member = new RoomMember(session, room);
            session.Memberships.Add(member);
            room.Add(member);
            return member;
        });
        Assert.True(member.TryGoLive(History.NewestSeq(key.Conversation)));
        return member;
    }

    public void Leave(RoomMember member) => Rooms.Change(member.Room.Key, room => room.Remove(member));

    /// <summary>A message of another node, or of this one's log where an origin is given.</summary>
    public int Take(StoredMessage message, Session? origin = null, RoomPlace place = default, bool closes = false)
    {
        var online = Sequencer.Take(new CommittedMessage(message, origin is null ? default : new Origin(origin.Connection.Id), closes, place), _flushes);
        Flush();
        return online;
    }

    public void Do(Action<FlushSet> step)
    {
        step(_flushes);
        Flush();
    }

    public void Begin(RoomKey key) => Do(flushes => Sequencer.Begin(key, History.NewestSeq(key.Conversation), flushes));

    public void Pass(int milliseconds)
    {
        Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Do(Sequencer.Tick);
    }

    /// <summary>Reads what is wanted, as it stands now; false when nothing is.</summary>
    public async Task<bool> AnswerAsync()
    {
        if (!Sequencer.Wanted.TryRead(out var read))
            return false;
        GapPage? page = null;
        try
        {
            page = await Gaps.ReadAsync(read.Gap.Conversation, read.After, read.UpTo);
        }
        catch (TimeoutException)
        {
            // No answer.
        }

        Do(flushes => Sequencer.Answer(read, page, flushes));
        return true;
    }

    /// <summary>The log gives no answer to what is wanted.</summary>
    public void FailToAnswer()
    {
        Assert.True(Sequencer.Wanted.TryRead(out var read));
        Do(flushes => Sequencer.Answer(read, null, flushes));
    }

    /// <summary>Until a room's pump has nothing to do.</summary>
    public static void WaitFor(Room room) => Assert.True(SpinWait.SpinUntil(() => IsIdle(room), Wait.Limit));

    /// <summary>Messages that a session was given since this was last asked, by their seqs, and <see cref="Behind"/> where it was told so.</summary>
    public static long[] Given(Session session) => [.. Told().Matches(Fakes.SentIfAny(session)).Select(SeqOf)];

    /// <summary>The same of a session of protocol 2, with the names of the conversations.</summary>
    public static (string Conversation, long Seq)[] GivenOf(Session session) =>
        [.. ToldOf().Matches(Fakes.SentIfAny(session)).Select(m => (m.Groups["name"].Value, SeqOf(m)))];

    private static long SeqOf(Match told) => told.Groups["seq"].Success ? long.Parse(told.Groups["seq"].Value) : Behind;

    private static bool IsIdle(Room room)
    {
        if (!room.TryStartPump())
            return false;
        room.EndPump();
        return room.Queue.IsEmptyAfter(room.PumpedSeq);
    }

    private void Flush()
    {
        _flushes.Flush();
        Pump.Start(int.MaxValue);
    }

    [GeneratedRegex("""
        "msgId":"\d+-(?<seq>\d+)"|"error":"behind"
        """)]
    private static partial Regex Told();

    [GeneratedRegex("""
        "conversation":"(?<name>[^"]+)","seq":(?<seq>\d+)|"error":"behind"[^{}]*"conversation":"(?<name>[^"]+)"
        """)]
    private static partial Regex ToldOf();

    internal sealed class NotedPolicy : IRoomPolicy
    {
        public List<RoomKey> Ended { get; } = [];

        public RoomStatus StatusOf(RoomKey key) => RoomStatus.Unlisted;

        public void Closed(RoomKey key) => Ended.Add(key);

        public void Joined(RoomKey key, TokenIdentity who, int viewers)
        {
        }
    }
}
