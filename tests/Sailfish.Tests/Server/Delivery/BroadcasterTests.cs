using Sailfish.Protocol;
using Sailfish.Server.Delivery;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

public sealed class BroadcasterTests
{
    private readonly SessionTable _sessions = new();
    private readonly Relay _relay = new();
    private readonly Announcement _announcement = new(1, 6000, "{}");

    [Fact]
    public void A_broadcast_goes_to_all_sessions_here_and_to_the_other_nodes()
    {
        var sessions = new[] { LogIn(10001), LogIn(10001), LogIn(10002) };
        Assert.Equal(2, new Broadcaster(_sessions, new PushMetrics(Fakes.Meters), _relay).Send(_announcement));
        Assert.All(sessions, session => Assert.Contains(_announcement.MsgId, Fakes.SentTo(session), StringComparison.Ordinal));
        Assert.Equal([_announcement], _relay.Announced);
    }

    [Fact]
    public void What_another_node_broadcasts_goes_no_further()
    {
        var session = LogIn(10001);
        Assert.Equal(1, new Broadcaster(_sessions, new PushMetrics(Fakes.Meters), _relay).Tell(_announcement));
        Assert.NotEmpty(Fakes.SentTo(session));
        Assert.Empty(_relay.Announced);
        Assert.Equal(1, new Broadcaster(_sessions, new PushMetrics(Fakes.Meters)).Send(_announcement));
    }

    [Fact]
    public void Guests_are_told_nothing_that_is_for_all_who_are_online()
    {
        var (user, guest) = (LogIn(10001), LogIn(Ids.FirstGuest));
        Assert.Equal(1, new Broadcaster(_sessions, new PushMetrics(Fakes.Meters)).Send(_announcement));
        Assert.NotEmpty(Fakes.SentTo(user));
        Assert.Empty(Fakes.SentIfAny(guest));
    }

    private Session LogIn(long userId)
    {
        var session = Fakes.Session(userId);
        _sessions.Change(session.User, sessions =>
        {
            sessions.Add(session);
            return true;
        });
        return session;
    }

    private sealed class Relay : IAppRelay
    {
        public List<Announcement> Announced { get; } = [];

        public void Announce(Announcement announcement) => Announced.Add(announcement);
    }
}
