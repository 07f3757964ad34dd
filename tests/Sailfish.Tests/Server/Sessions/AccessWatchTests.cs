using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

/// <summary>Whom another node lets in no more is not left in here.</summary>
public sealed class AccessWatchTests : IDisposable
{
    private const long User = Account.FirstId;
    private const string Page = "session of the page";
    private static readonly AppConfig App = new() { AppId = 1, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) };
    private readonly FakeTimeProvider _time = new();
    private readonly FakeChanges _changes = new();
    private readonly Stores _stores = new();
    private readonly CountingAccountStore _accounts = new();
    private readonly SuspensionTable _suspensions;
    private readonly SessionTable _table = new();
    private readonly ConnectionTable _connections = new(Fakes.Lease);
    private readonly AccessWatch _watch;

    public AccessWatchTests()
    {
        var apps = new AppTable([App]);
        var revocations = new RevocationTable(_stores, _time, _changes);
        _suspensions = new SuspensionTable(_stores, _time, _changes);
        var pages = new PageSessionTable(_stores, Options.Create(new AccountOptions()), _time, NullLogger<PageSessionTable>.Instance, _changes);
        var tokens = new TokenService(apps, revocations, _suspensions, _time);
        var bearers = new BearerCheck(tokens, new UsedIdTable(_stores, NullLogger<UsedIdTable>.Instance), new AccountDirectory(_accounts, apps), pages);
        var sessions = new SessionService(
            _table, bearers, revocations, _suspensions, new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease), new ServerState(), Options.Create(new SessionsOptions()),
            new AuditLog(NullLoggerFactory.Instance, new AuditMetrics(Fakes.Meters), _time), _time, NullLogger<SessionService>.Instance);
        _watch = new AccessWatch(_changes, revocations, _suspensions, bearers, apps, _table, sessions, _connections, NullLogger<AccessWatch>.Instance);
        _stores.Pages[Page] = new PageSession(Page, User, Now, Now, "", "");
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => _suspensions.Dispose();

    [Fact]
    public async Task Of_somebody_who_was_kicked_those_with_older_tokens_end()
    {
        var (older, newer, other) = (LogIn(User, 70), LogIn(User, 71), LogIn(User + 1, 70));
        await _watch.StartAsync(CancellationToken.None);
        _stores.Revocation = new Revocation(App.AppId, User, 70);
        await _changes.TellAsync(new Change(ChangeKind.Revocation, App.AppId, User));
        Assert.Contains("\"kicked\"", Fakes.SentTo(older));
        Assert.Equal((false, false), (newer.Connection.IsClosing, other.Connection.IsClosing));
    }

    [Fact]
    public async Task Of_somebody_who_was_suspended_all_end_and_none_when_it_is_taken_back()
    {
        var session = LogIn(User, Now);
        await _watch.StartAsync(CancellationToken.None);
        await _changes.TellAsync(new Change(ChangeKind.Suspension, App.AppId, User));
        Assert.False(session.Connection.IsClosing);
        _stores.Suspension = new Suspension(App.AppId, User, long.MaxValue);
        await _changes.TellAsync(new Change(ChangeKind.Suspension, App.AppId, User));
        Assert.Contains("\"kicked\"", Fakes.SentTo(session));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_ends_with_its_session_of_the_page(bool isMissed)
    {
        var (session, other) = (LogIn(User, 70, Page), LogIn(User, 70));
        await _watch.StartAsync(CancellationToken.None);
        await TellAsync();
        Assert.False(session.Connection.IsClosing);
        _stores.Pages.Remove(Page);
        await TellAsync();
        await Wait.UntilAsync(() => session.Connection.IsClosing);
        Assert.Contains("\"signed_out\"", Fakes.SentTo(session));
        Assert.False(other.Connection.IsClosing);

        Task TellAsync() => isMissed ? _changes.MissAsync() : _changes.TellAsync(new Change(ChangeKind.PageSession, A: User));
    }

    [Fact]
    public async Task When_changes_were_missed_all_are_looked_at()
    {
        var (kicked, other) = (LogIn(User, 70), LogIn(User + 1, 70));
        await _watch.StartAsync(CancellationToken.None);
        _stores.Revocation = new Revocation(App.AppId, User, 70);
        await _changes.MissAsync();
        Assert.Equal((true, false), (kicked.Connection.IsClosing, other.Connection.IsClosing));
    }

    private Session LogIn(long user, long mintedAt, string? page = null)
    {
        var session = Fakes.Session(user, identity: new TokenIdentity(new UserKey(App.AppId, user), null, null, null, mintedAt) { PageSession = page, IsAccount = page is not null });
        _connections.Add(session.Connection);
        return _table.Change(session.User, sessions =>
        {
            sessions.Add(session);
            return session;
        });
    }

    private sealed class Stores : IRevocationStore, ISuspensionStore, IPageSessionStore, IUsedIdStore
    {
        public Revocation? Revocation { get; set; }

        public Suspension? Suspension { get; set; }

        public Dictionary<string, PageSession> Pages { get; } = [];

        public IReadOnlyList<Revocation> LoadAll() => Revocation is { } revocation ? [revocation] : [];

        public IReadOnlyList<Suspension> LoadActive(long now) => Suspension is { } suspension ? [suspension] : [];

        ValueTask<Revocation?> IRevocationStore.FindAsync(long appId, long userId, CancellationToken cancellationToken) => new(Revocation);

        ValueTask<Suspension?> ISuspensionStore.FindAsync(long appId, long userId, CancellationToken cancellationToken) => new(Suspension);

        public ValueTask<PageSession?> FindAsync(string id) => new(Pages.GetValueOrDefault(id));

        public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SaveAsync(Suspension suspension, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, int most) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync(long begunBefore, long idleSince) => throw new NotSupportedException();

        public Task TouchAsync(string id, long seenAt) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except) => throw new NotSupportedException();

        public ValueTask<bool> HasAsync(long appId, long userId) => throw new NotSupportedException();

        public Task AddAsync(IReadOnlyCollection<UserKey> users, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
