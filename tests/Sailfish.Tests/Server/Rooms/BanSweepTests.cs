using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Rooms;

public sealed class BanSweepTests : IDisposable
{
    private static readonly RoomKey Key = new(1, 7);

    private readonly FakeTimeProvider _time = new();
    private readonly RoomTable _rooms = new(Options.Create(new RoomsOptions()));
    private readonly RoomRestrictions _restrictions;
    private readonly BanSweep _sweep;

    public BanSweepTests()
    {
        _restrictions = new RoomRestrictions(new NoRestrictions(), _time);
        var exits = new RoomExits(_rooms, new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease));
        _sweep = new BanSweep(_rooms, _restrictions, exits, _time, NullLogger<BanSweep>.Instance);
    }

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void Who_is_banned_and_in_the_room_all_the_same_is_put_out_at_the_second_look()
    {
        var (banned, other) = (Join(10001), Join(10002));
        Learn(10001, RestrictionKind.Banned);
        Learn(10002, RestrictionKind.Muted);
        _sweep.RunOnce();
        // Whoever has banned him asks this node to remove him at this moment.
        Assert.True(_rooms.Find(Key)!.HasUser(10001));
        _sweep.RunOnce();
        Assert.False(_rooms.Find(Key)!.HasUser(10001));
        Assert.Contains("\"retryAfterMs\":60000", Fakes.SentTo(banned), StringComparison.Ordinal);
        Assert.Empty(Fakes.SentIfAny(other));
        _sweep.RunOnce();
        Assert.Empty(Fakes.SentIfAny(banned));
    }

    [Fact]
    public void A_ban_that_has_ended_puts_nobody_out()
    {
        Join(10001);
        Learn(10001, RestrictionKind.Banned);
        _sweep.RunOnce();
        _time.Advance(TimeSpan.FromMinutes(1));
        _sweep.RunOnce();
        Assert.True(_rooms.Find(Key)!.HasUser(10001));
    }

    private void Learn(long userId, RestrictionKind kind) => _restrictions.Learn(new RestrictionKey(1, 7, userId, kind), TimeSpan.FromMinutes(1));

    private Session Join(long userId)
    {
        var session = Fakes.Session(userId);
        _rooms.Change(Key, room => room.Add(new RoomMember(session, room)));
        return session;
    }
}
