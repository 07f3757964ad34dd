using System.Net;
using Microsoft.Extensions.Options;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

/// <summary>What is kept of guests, on one node of several: as little as can be.</summary>
public sealed class GuestTests : IDisposable
{
    private const long Guest = Ids.FirstGuest + 5;
    private readonly LoginParts _parts = new();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task A_guest_is_let_in_without_the_directory_and_told_to_nobody()
    {
        using var events = _parts.Bus.Subscribe();
        var connection = _parts.Connect();
        await _parts.LogInGuestAsync(connection, Guest);
        var session = connection.Session!;
        Assert.Contains("connectionId", Fakes.SentTo(session), StringComparison.Ordinal);
        Assert.Null(session.DeviceId);
        var user = new UserKey(1, Guest);
        Assert.Same(session, Assert.Single(_parts.Table.Of(user)));
        Assert.False(_parts.Table.IsOnline(user));
        Assert.Empty(_parts.Table.All());
        Assert.Empty(await new PresenceService(_parts.Table, Fakes.Lease).FindAsync(user, CancellationToken.None));
        // The store has lost who is here: there is nothing of a guest to be told again.
        await _parts.Shared.EnterAgainAsync();
        await _parts.Sessions.LogOutAsync(session);
        _parts.Sessions.End(session);
        Assert.Empty(_parts.Table.Of(user));
        Assert.Equal(["anew"], _parts.Directory.Done);
        Assert.False(events.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Seats_are_given_back_by_sessions_that_end_and_not_taken_by_who_is_refused()
    {
        for (var round = 0; round < 10; round++)
        {
            var connection = _parts.Connect();
            await _parts.LogInGuestAsync(connection, Guest + round);
            Assert.Equal(1, _parts.Guests.Addresses);
            _parts.Sessions.End(connection.Session!);
        }

        List<Session> sessions = [];
        for (var i = 0; i < 3; i++)
        {
            var connection = _parts.Connect();
            await _parts.LogInGuestAsync(connection, Guest);
            sessions.Add(connection.Session!);
        }

        var fourth = _parts.Connect();
        await _parts.LogInGuestAsync(fourth, Guest);
        Assert.Null(fourth.Session);
        Assert.True(fourth.IsClosing);
        foreach (var session in sessions)
            _parts.Sessions.End(session);
        Assert.Equal(0, _parts.Guests.Addresses);
    }

    [Fact]
    public void Addresses_have_seats_of_their_own_and_are_forgotten_with_their_last_guest()
    {
        var seats = Seats(2);
        for (var i = 0; i < 100_000; i++)
        {
            var address = Address(i);
            Assert.True(seats.TryTake(address) && seats.TryTake(address) && !seats.TryTake(address));
            seats.GiveBack(address);
            Assert.True(seats.TryTake(address));
            seats.GiveBack(address);
            seats.GiveBack(address);
        }

        Assert.Equal(0, seats.Addresses);
    }

    [Fact]
    public void Without_a_limit_nothing_is_counted_and_each_guest_goes_by_himself()
    {
        var seats = Seats(0);
        Assert.True(Enumerable.Range(0, 1000).All(_ => seats.TryTake(Address(1))));
        Assert.Equal(0, seats.Addresses);
        Assert.Equal(new UserKey(1, Guest), seats.PacerOf(new UserKey(1, Guest), Address(1)));
    }

    [Fact]
    public void A_hundred_thousand_ids_of_an_address_have_one_pace()
    {
        var time = new FakeTimeProvider();
        var paces = new UserPaceTable(Options.Create(new LimitsOptions { JoinsBurst = 5, SyncsBurst = 5 }), time);
        var seats = Seats(20);
        var joined = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var session = SessionOf(Guest + i, seats, Address(1), time);
            joined += paces.TryJoin(session, out _) ? 1 : 0;
            paces.TrySync(session, 0, out _);
            UserPaceTable.Leave(session);
        }

        Assert.Equal((5, 1), (joined, paces.Count));
        Assert.True(paces.TryJoin(SessionOf(Guest, seats, Address(2), time), out _));
        Assert.True(paces.TryJoin(Fakes.Session((long)Address(1).Number, time), out _));
    }

    private static GuestSeats Seats(int most) => new(Options.Create(new GuestOptions { GuestsPerAddress = most }));

    private static ClientAddress Address(int number) => ClientAddress.Of(new IPAddress((long)number + 1));

    private static Session SessionOf(long id, GuestSeats seats, ClientAddress address, TimeProvider time)
    {
        var user = new UserKey(1, id);
        return new Session(Fakes.Connection(time), new TokenIdentity(user, null, null, null), new LoginRequest { UserId = id, AppId = 1, Protocol = 2 }, 0)
        {
            GuestOf = address,
            PacedAs = seats.PacerOf(user, address),
        };
    }
}
