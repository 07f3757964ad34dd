using System.Collections;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// An id that an account could get is used from when anything is stored of its user, or it is noted, and for ever, whatever
/// is deleted; those that are noted together are all noted, or none.
/// </summary>
public abstract class UsedIdConformance : StoreConformance
{
    private const long User = Account.FirstId + 10;
    private const long OtherUser = Account.FirstId + 20;

    [Theory]
    [InlineData("note")]
    [InlineData("message to")]
    [InlineData("message from")]
    [InlineData("tag")]
    [InlineData("mute")]
    [InlineData("revocation")]
    [InlineData("suspension")]
    public async Task An_id_is_used_when_anything_is_stored_of_its_user(string what)
    {
        Assert.False(await HasAsync(User));
        await NoteAsync(what);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.True(await HasAsync(User));
            Assert.False(await HasAsync(User, OtherApp));
            Assert.False(await HasAsync(User + 1));
        });
        await NoteAsync(what);
        Assert.True(await HasAsync(User));
    }

    [Fact]
    public async Task An_id_stays_used_when_what_was_stored_is_deleted()
    {
        await NoteAsync("tag");
        await Stores.Tags.RemoveAsync(App, User, "vip", CancellationToken.None);
        await Stores.Restrictions.SaveAsync(new RoomRestriction(new RestrictionKey(App, 7, OtherUser, RestrictionKind.Muted), Time), CancellationToken.None);
        await Stores.Restrictions.RemoveEndedAsync(Time, CancellationToken.None);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.True(await HasAsync(User));
            Assert.True(await HasAsync(OtherUser));
        });
    }

    [Fact]
    public async Task The_id_of_an_account_is_used()
    {
        var account = await Stores.Accounts.CreateAsync(App, "anna", "hash", "Anna", Time);
        await NowAndAfterReopeningAsync(async () => Assert.True(await HasAsync(account!.Id)));
        Assert.False(await HasAsync(account!.Id + 1));
    }

    [Fact]
    public async Task Those_that_are_noted_together_are_all_noted_or_none()
    {
        List<UserKey> users = [.. Enumerable.Range(0, 2000).Select(i => new UserKey(App, User + i)), new(OtherApp, OtherUser), new(Ids.Max, Ids.Max)];
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => Stores.UsedIds.AddAsync(new BrokenUsers(users), CancellationToken.None));
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var user in users.Where((_, i) => i % 100 == 0))
                Assert.False(await HasAsync(user.UserId, user.AppId));
        });
        await Stores.UsedIds.AddAsync(users, CancellationToken.None);
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var user in users.Where((_, i) => i % 100 == 0).Concat(users[^3..]))
                Assert.True(await HasAsync(user.UserId, user.AppId));
        });
    }

    [Fact]
    public async Task What_is_noted_already_may_be_noted_again_with_others()
    {
        await NoteAsync("note");
        await Stores.UsedIds.AddAsync([new(App, OtherUser), new(App, User), new(App, User)], CancellationToken.None);
        await Stores.UsedIds.AddAsync([], CancellationToken.None);
        Assert.True(await HasAsync(User));
        Assert.True(await HasAsync(OtherUser));
    }

    [Fact]
    public async Task Of_many_who_note_at_once_each_finds_what_it_noted()
    {
        await AtOnceAsync(async caller =>
        {
            List<UserKey> users = [.. Enumerable.Range(0, 20).Select(i => new UserKey(App, User + (caller / 2 * 20) + (caller % 2 == 0 ? i : 19 - i)))];
            await Stores.UsedIds.AddAsync(users, CancellationToken.None);
            foreach (var user in users)
                Assert.True(await HasAsync(user.UserId));
        });
    }

    private async Task<bool> HasAsync(long user, long app = App) => await Stores.UsedIds.HasAsync(app, user);

    private Task NoteAsync(string what) => what switch
    {
        "message to" => AppendAsync(ConversationKey.Direct(App, Ann, User), Ann),
        "message from" => AppendAsync(ConversationKey.Direct(App, OtherUser, User), User),
        "tag" => Stores.Tags.AddAsync(App, User, "vip", CancellationToken.None),
        "mute" => Stores.Restrictions.SaveAsync(new RoomRestriction(new RestrictionKey(App, 7, User, RestrictionKind.Muted), Time), CancellationToken.None),
        "revocation" => Stores.Revocations.SaveAsync(new Revocation(App, User, Time), CancellationToken.None),
        "suspension" => Stores.Suspensions.SaveAsync(new Suspension(App, User, Time), CancellationToken.None),
        _ => Stores.UsedIds.AddAsync([new UserKey(App, User)], CancellationToken.None),
    };

    /// <summary>Of which the last cannot be had.</summary>
    private sealed class BrokenUsers(List<UserKey> users) : IReadOnlyCollection<UserKey>
    {
        public int Count => users.Count + 1;

        public IEnumerator<UserKey> GetEnumerator()
        {
            foreach (var user in users)
                yield return user;
            throw new TimeZoneNotFoundException();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
