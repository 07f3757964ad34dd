using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>What is promised to several nodes on one database, beside what every store promises.</summary>
public sealed class SeveralNodesTests : StoreConformance
{
    private const string Secret = "0123456789012345678901234567890123456789";
    private readonly PostgresUnderTest _database = new();
    private readonly List<PostgresStores> _others = [];
    private readonly List<TemporaryDirectory> _folders = [];

    public static TheoryData<string> Writes => [.. Changes.Keys];

    /// <summary>What other nodes hear of it.</summary>
    private static Dictionary<string, (Func<SeveralNodesTests, Task> Write, Change[] Expected)> Changes { get; } = new()
    {
        ["revocation"] = (t => t.Stores.Revocations.SaveAsync(new Revocation(App, Ann, Time), CancellationToken.None), [new(ChangeKind.Revocation, App, Ann)]),
        ["suspension"] = (t => t.Stores.Suspensions.SaveAsync(new Suspension(App, Ann, Time), CancellationToken.None), [new(ChangeKind.Suspension, App, Ann)]),
        ["mute"] = (t => t.MuteAsync(), [new(ChangeKind.Restriction, App, 7, Ann)]),
        ["end of a mute"] = (t => t.Stores.Restrictions.RemoveAsync(Mute, CancellationToken.None), [new(ChangeKind.Restriction, App, 7, Ann)]),
        ["tag"] = (t => t.Stores.Tags.AddAsync(App, Ann, "vip", CancellationToken.None), [new(ChangeKind.Tag, App, Ann)]),
        ["stream key"] = (t => t.Stores.StreamKeys.ResetAsync(new UserKey(App, Ann), CancellationToken.None), [new(ChangeKind.StreamKey, App, Ann)]),
        ["sign up"] = (t => t.Stores.Accounts.CreateAsync(App, "bruno", "hash", "Bruno", Time), [new(ChangeKind.Account, A: Account.FirstId + 1)]),
        ["sign up under a name that is taken"] = (t => t.Stores.Accounts.CreateAsync(App, "ANNA", "hash", "Anna", Time), []),
        ["nick name"] = (t => t.Stores.Accounts.RenameAsync(Account.FirstId, "Anna"), [new(ChangeKind.Account, A: Account.FirstId)]),
        ["nobody's nick name"] = (t => t.Stores.Accounts.RenameAsync(Account.FirstId + 5, "Anna"), []),
        ["password"] = (t => t.Stores.Accounts.ChangePasswordAsync(Account.FirstId, "other", 0), [new(ChangeKind.Account, A: Account.FirstId)]),
        ["password of another version"] = (t => t.Stores.Accounts.ChangePasswordAsync(Account.FirstId, "other", 7), []),
        ["picture"] = (t => t.Stores.Avatars.ChangeAsync(Account.FirstId, TestPicture.Png(1)), [new(ChangeKind.Account, A: Account.FirstId)]),
        ["session"] = (t => t.BeginAsync("b"), []),
        ["end of a session"] = (t => t.Stores.PageSessions.RemoveAsync(Account.FirstId, "a", null), [new(ChangeKind.PageSession, A: Account.FirstId)]),
        ["end of a session by another"] = (t => t.BeginAsync("b", most: 1), [new(ChangeKind.PageSession, A: Account.FirstId)]),
        ["end of no session"] = (t => t.Stores.PageSessions.RemoveAsync(Account.FirstId, "b", null), []),
        ["apps"] = (t => Task.FromResult(t.Stores.Apps.Load([])), [new(ChangeKind.App, 10_001)]),
        ["new secrets"] = (t => t.RotateAsync(), [new(ChangeKind.App, 10_001), new(ChangeKind.App, 10_001)]),
        ["start of a room"] = (t => t.Stores.Living.StartAsync(Row(LivingRoom.FirstId + 1, Bob), CancellationToken.None), [new(ChangeKind.LivingRoom, App, LivingRoom.FirstId + 1)]),
        ["start of a room that is open"] = (t => t.Stores.Living.StartAsync(Row(LivingRoom.FirstId + 1), CancellationToken.None), []),
        ["end of a room"] = (t => CloseAsync(t.Stores), [new(ChangeKind.LivingRoom, App, LivingRoom.FirstId)]),
    };

    private static RestrictionKey Mute => new(App, 7, Ann, RestrictionKind.Muted);

    private PostgresStores Node => (PostgresStores)Stores;

    public override async ValueTask DisposeAsync()
    {
        foreach (var other in _others)
            await other.DisposeAsync();
        await base.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Others_hear_of_what_they_keep_in_memory(string what)
    {
        await Stores.Accounts.CreateAsync(App, "anna", "hash", "anna", Time);
        await BeginAsync("a");
        await MuteAsync();
        await Stores.Tags.AddAsync(App, Bob, "vip", CancellationToken.None);
        await Stores.Living.StartAsync(Row(LivingRoom.FirstId), CancellationToken.None);
        var before = (await ChangesAsync()).Count;
        var (write, expected) = Changes[what];
        await write(this);
        Assert.Equal(expected, (await ChangesAsync()).Skip(before));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("hash")]
    [InlineData("nick name")]
    [InlineData("session")]
    [InlineData("tag")]
    [InlineData("room")]
    [InlineData("key")]
    [InlineData("attempt")]
    public async Task U0000_in_a_text_is_an_error_of_the_one_call(string what)
    {
        var account = (await Stores.Accounts.CreateAsync(App, "anna", "hash", "anna", Time))!;
        Func<Task> write = what switch
        {
            "name" => () => Stores.Accounts.CreateAsync(App, "bru\0no", "hash", "bruno", Time),
            "hash" => () => Stores.Accounts.ChangePasswordAsync(account.Id, "ha\0sh", null),
            "nick name" => () => Stores.Accounts.RenameAsync(account.Id, "An\0na"),
            "session" => () => Stores.PageSessions.AddAsync(new PageSession("a", account.Id, Time, Time, "", "Brow\0ser"), 0, 3),
            "tag" => () => Stores.Tags.AddAsync(App, Ann, "v\0ip", CancellationToken.None),
            "room" => () => Stores.Living.StartAsync(Row(LivingRoom.FirstId) with { Name = "ro\0om" }, CancellationToken.None),
            "key" => () => Task.Run(() => Stores.Keys.StoreElement(new System.Xml.Linq.XElement("key"), "ke\0y")),
            _ => () => NewLockout(Node).BeginAsync("an\0na", null, "192.0.2.1").AsTask(),
        };
        // More than once: a statement that comes again is prepared.
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<UnstorableTextException>(write);
        Assert.Equal(account, await Stores.Accounts.FindAsync(account.Id, CancellationToken.None));
    }

    [Fact]
    public async Task An_account_that_is_made_through_one_node_is_found_through_another_at_once()
    {
        var other = await OtherAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await other.Accounts.FindAsync(Account.FirstId + i, CancellationToken.None));
            var account = await Stores.Accounts.CreateAsync(App, $"user{(char)('a' + i)}", "hash", "anna", Time);
            Assert.Equal(account, await other.Accounts.FindAsync(account!.Id, CancellationToken.None));
            Assert.InRange(account.Id, Account.FirstId, other.Accounts.LastId);
        }
    }

    [Fact]
    public async Task Of_many_who_sign_up_through_all_nodes_under_names_that_look_alike_one_does_and_ids_go_up()
    {
        var nodes = new[] { Node, await OtherAsync(), await OtherAsync() };
        string[] names = ["anna", "ANNA", "\u0430nna", "\uFF41nna"];
        var accounts = await AtOnceAsync(caller => caller % 2 == 0
            ? nodes[caller % 3].Accounts.CreateAsync(App, names[caller % 4], "hash", "anna", Time)
            : nodes[caller % 3].Accounts.CreateAsync(App, $"user{(char)('a' + caller)}", "hash", "user", Time));
        List<Account?> alike = [.. accounts.Where((account, caller) => caller % 2 == 0 && account is not null)];
        Assert.Single(alike);
        Assert.Equal(Enumerable.Range(0, 1 + (Callers / 2)).Select(i => Account.FirstId + i), accounts.OfType<Account>().Select(account => account.Id).Order());
    }

    [Fact]
    public async Task Who_was_told_that_an_id_is_no_accounts_is_never_overtaken_by_one()
    {
        var other = await OtherAsync();
        ConcurrentBag<long> nobodys = [];
        var noting = Task.Run(async () =>
        {
            for (var id = Account.FirstId; id < Account.FirstId + 300; id++)
            {
                await other.UsedIds.AddAsync([new UserKey(App, id)], CancellationToken.None);
                if (await other.Accounts.FindAsync(id, CancellationToken.None) is null)
                    nobodys.Add(id);
            }
        });
        List<long> accounts = [];
        for (var i = 0; i < 15; i++)
            accounts.Add((await Stores.Accounts.CreateAsync(App, $"user{(char)('a' + i)}", "hash", "user", Time))!.Id);
        await noting;
        Assert.Empty(accounts.Intersect(nobodys));
    }

    [Fact]
    public async Task A_session_that_is_used_through_one_node_lasts_on_another()
    {
        var time = new FakeTimeProvider();
        PageSessionTable here = NewSessions(Stores), there = NewSessions(await OtherAsync());
        var account = (await Stores.Accounts.CreateAsync(App, "anna", "hash", "anna", Time))!;
        var id = PageSessionTable.IdOf((await here.OpenAsync(account, "192.0.2.1", "Browser")).Secret!);
        Assert.NotNull(await there.FindAsync(account.Id, id));
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromHours(24 * 10));
            await here.TouchAsync((await here.FindAsync(account.Id, id))!);
            Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds(), Assert.Single(await there.ListAsync(account.Id)).SeenAt);
        }

        Assert.NotNull(await there.FindAsync(account.Id, id));

        PageSessionTable NewSessions(IStores node) => new(node.PageSessions, Options.Create(new AccountOptions()), time, NullLogger<PageSessionTable>.Instance);
    }

    [Fact]
    public async Task Wrong_passwords_count_for_all_nodes()
    {
        var lockouts = new[] { NewLockout(Node), NewLockout(await OtherAsync()), NewLockout(await OtherAsync()) };
        var begun = await AtOnceAsync(async caller => (await lockouts[caller % 3].BeginAsync("ann", null, "192.0.2.1")).Wait is null);
        Assert.Equal(5, begun.Count(isBegun => isBegun));
        foreach (var lockout in lockouts)
            Assert.NotNull((await lockout.BeginAsync("ann", null, "192.0.2.1")).Wait);
    }

    [Fact]
    public async Task Counts_of_wrong_passwords_that_have_run_out_are_deleted_and_no_others()
    {
        var time = new FakeTimeProvider();
        var lockout = new PostgresLockout(Node.Database, Options.Create(new AccountOptions { MaxFailures = 5, LockSeconds = 60 }), time);
        await lockout.BeginAsync("ann", null, "192.0.2.1");
        time.Advance(TimeSpan.FromSeconds(300));
        await lockout.BeginAsync("bob", null, "192.0.2.1");
        time.Advance(TimeSpan.FromSeconds(300));
        await lockout.RemoveOldAsync(CancellationToken.None);
        Assert.Equal(["bob", "bob"], await Node.Database.ReadAsync(connection => connection.ListAsync(row => row.GetString(0), "SELECT name FROM lockout")));
    }

    [Fact]
    public async Task A_picture_that_is_uploaded_through_one_node_is_served_by_another_and_of_several_at_once_one_stays()
    {
        var (other, account) = (await OtherAsync(), (await Stores.Accounts.CreateAsync(App, "anna", "hash", "anna", Time))!);
        var name = (await Stores.Avatars.ChangeAsync(account.Id, TestPicture.Png(9)))!.Avatar!;
        Assert.Equal(TestPicture.Png(9), (await other.Avatars.FindAsync(name))!.Bytes);
        await AtOnceAsync(caller => (caller % 2 == 0 ? Stores : other).Avatars.ChangeAsync(account.Id, TestPicture.Png((byte)(caller % 4))));
        var left = (await Stores.Accounts.FindAsync(account.Id, CancellationToken.None))!.Avatar!;
        Assert.Equal([left], await Node.Database.ReadAsync(connection => connection.ListAsync(row => row.GetString(0), "SELECT name FROM avatar")));
    }

    [Fact]
    public async Task A_key_that_one_node_stores_is_read_by_another()
    {
        Stores.Keys.StoreElement(new System.Xml.Linq.XElement("key", "secret"), "key-1");
        Assert.Equal("secret", Assert.Single((await OtherAsync()).Keys.GetAllElements()).Value);
    }

    [Fact]
    public async Task Of_rooms_that_are_started_through_all_nodes_no_two_get_an_id_and_likes_of_all_nodes_add_up()
    {
        var other = await OtherAsync();
        var rooms = await AtOnceAsync(caller => (caller % 2 == 0 ? Stores : other).Living.StartAsync(Row(LivingRoom.FirstId, Ann + caller), CancellationToken.None));
        Assert.Equal(Enumerable.Range(0, Callers).Select(i => LivingRoom.FirstId + i), rooms.Select(room => room!.Id).Order());
        await AtOnceAsync(caller => (caller % 2 == 0 ? Stores : other).Living.SaveAsync([.. rooms.Select(room => new LivingCounts(room!.Id, 1, caller))], CancellationToken.None));
        Assert.All(other.LivingHistory.LoadOpen(), room => Assert.Equal((Callers, Callers - 1), (room.Likes, room.Peak)));
    }

    [Fact]
    public async Task A_room_id_that_somebody_is_in_is_passed_by_and_one_that_is_given_out_is_not_to_be_had()
    {
        const long First = LivingRoom.FirstId;
        await Node.Database.WriteAsync(connection => connection.ExecuteAsync("INSERT INTO used_room (room_id) VALUES ($1), ($2)", First, First + 1));
        var room = await Stores.Living.StartAsync(Row(First), CancellationToken.None);
        Assert.InRange(room!.Id, First + 2, long.MaxValue);
        Assert.Equal(new IdRange(First, room.Id - 1), Assert.Single(Stores.LivingHistory.LoadSkipped()));
        Assert.Equal(0, await Node.Database.WriteAsync(connection => connection.ExecuteAsync("INSERT INTO used_room (room_id) VALUES ($1) ON CONFLICT DO NOTHING", room.Id)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kick_and_a_suspension_wait_for_a_login_of_the_user_that_is_under_way(bool isKick)
    {
        await using var login = await Node.Database.Source.OpenConnectionAsync();
        await using var transaction = await login.BeginTransactionAsync();
        await login.ExecuteAsync("INSERT INTO presence (app_id, user_id, epoch) VALUES ($1, $2, 5)", App, Ann);
        var ending = isKick
            ? Stores.Revocations.SaveAsync(new Revocation(App, Ann, Time), CancellationToken.None)
            : Stores.Suspensions.SaveAsync(new Suspension(App, Ann, Time), CancellationToken.None);
        await Wait.UntilAsync(
            () => Node.Database.ReadAsync(connection => connection.IsAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')")).AsTask(),
            "it to wait");
        Assert.False(ending.IsCompleted);
        await transaction.CommitAsync();
        await ending;
        Assert.Equal(5, await Node.Database.ReadAsync(connection => connection.NumberAsync("SELECT epoch FROM presence")));
    }

    [Fact]
    public async Task All_nodes_have_the_apps_that_the_first_one_made_also_when_they_start_at_once()
    {
        var nodes = new[] { Node, await OtherAsync(), await OtherAsync() };
        var loaded = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Apps.Load([]))));
        Assert.Single(loaded.Select(apps => Assert.Single(apps).ApiKey).Distinct());
        Assert.All(nodes, node => Assert.Equal("cluster", SecretsFile.TryRead(node.Folder)!.CopyOf));
    }

    [Fact]
    public async Task A_file_with_other_apps_stops_the_start_unless_it_is_a_copy()
    {
        var app = Assert.Single(Stores.Apps.Load([]));
        var other = await OtherAsync();
        var theirs = new SecretsContent { Apps = [NewApp(10_001)] };
        SecretsFile.Write(other.Folder, theirs);
        var refusal = Assert.Throws<ConfigurationException>(() => other.Apps.Load([])).Message;
        Assert.Contains(SecretsFile.PathIn(other.Folder), refusal);
        Assert.DoesNotContain('\n', refusal);
        Assert.Null(SecretsFile.TryRead(other.Folder)!.CopyOf);

        theirs.CopyOf = "cluster";
        SecretsFile.Write(other.Folder, theirs);
        Assert.Equal(app.ApiKey, Assert.Single(other.Apps.Load([])).ApiKey);
        Assert.Equal(app.ApiKey, Assert.Single(SecretsFile.TryRead(other.Folder)!.Apps).ApiKey);
    }

    [Fact]
    public async Task An_empty_database_takes_the_apps_of_a_copy_and_the_same_apps_are_no_mistake()
    {
        SecretsFile.Write(Stores.Folder, new SecretsContent { CopyOf = "cluster", Apps = [NewApp(3)] });
        Assert.Equal(3, Assert.Single(Stores.Apps.Load([])).AppId);
        var other = await OtherAsync();
        SecretsFile.Write(other.Folder, new SecretsContent { Apps = [NewApp(3)] });
        Assert.Equal(3, Assert.Single(other.Apps.Load([])).AppId);
    }

    [Fact]
    public async Task Nodes_whose_settings_name_other_apps_do_not_start()
    {
        var (other, third) = (await OtherAsync(), await OtherAsync());
        Stores.Apps.Load([NewApp(3), NewApp(4)]);
        other.Apps.Load([NewApp(3), NewApp(4)]);
        foreach (var apps in new AppConfig[][] { [], [NewApp(3)], [NewApp(4), NewApp(3)] })
            Assert.Contains("Sailfish:Apps", Assert.Throws<ConfigurationException>(() => third.Apps.Load(apps)).Message);
        await Node.Database.WriteAsync(connection => connection.ExecuteAsync("UPDATE node SET lease_until = '-infinity' WHERE apps_hash <> ''"));
        third.Apps.Load([NewApp(3)]);
    }

    [Fact]
    public async Task New_secrets_that_one_node_makes_come_into_the_file_of_another()
    {
        var other = await OtherAsync();
        Stores.Apps.Load([]);
        other.Apps.Load([]);
        var rotated = (await Stores.Apps.RotateAsync(10_001, CancellationToken.None))!;
        await other.Apps.ReadAsync(CancellationToken.None);
        var copy = SecretsFile.TryRead(other.Folder)!;
        Assert.Equal(("cluster", rotated.ApiKey, rotated.TokenSecret), (copy.CopyOf, copy.Apps[0].ApiKey, copy.Apps[0].TokenSecret));
    }

    private protected override IDatabaseUnderTest NewDatabase() => _database;

    private static LivingRoomRow Row(long id, long anchor = Ann) => new(id, App, anchor, 1, "room", Time, 0, 0);

    private static AppConfig NewApp(long id) => new() { AppId = id, Name = $"app {id}", TokenSecret = $"token {id} {Secret}", ApiKey = $"key {id} {Secret}" };

    private static ILockout NewLockout(PostgresStores node) => node.NewLockout(new AccountOptions { MaxFailures = 5, LockSeconds = 60 }, TimeProvider.System);

    private static async Task CloseAsync(IStores stores)
    {
        var end = TestMessage.Of(Room(LivingRoom.FirstId), ConversationKey.SystemUser, closes: true);
        await stores.Living.CloseAsync(new LivingCounts(LivingRoom.FirstId, 0, 0), end);
        await end.WhenToldAsync();
    }

    private async Task RotateAsync()
    {
        Stores.Apps.Load([]);
        await Stores.Apps.RotateAsync(10_001, CancellationToken.None);
    }

    private Task MuteAsync() => Stores.Restrictions.SaveAsync(new RoomRestriction(Mute, Time), CancellationToken.None);

    private Task<(bool IsAdded, IReadOnlyList<string> Removed)> BeginAsync(string session, int most = 3) =>
        Stores.PageSessions.AddAsync(new PageSession(session, Account.FirstId, Time + session[0], Time, "192.0.2.1", "Browser"), 0, most);

    /// <summary>All that were told, in their order.</summary>
    private async Task<IReadOnlyList<Change>> ChangesAsync() => await Node.Database.ReadAsync(connection => connection.ListAsync(
        row => new Change((ChangeKind)row.GetInt16(0), Number(row, 1), Number(row, 2), Number(row, 3)), "SELECT kind, app_id, a, b FROM change ORDER BY id"));

    private static long? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>Another node, with a data folder of its own.</summary>
    private async Task<PostgresStores> OtherAsync()
    {
        _folders.Add(new TemporaryDirectory());
        _others.Add(await _database.OpenAsync(new Completions(), _folders[^1].Path));
        return _others[^1];
    }
}
