using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

/// <summary>What lets a user in ends between the look at the token and the place among those who are in.</summary>
public sealed class LoginRaceTests : IDisposable
{
    private const long User = Account.FirstId;
    private static readonly AppConfig App = new() { AppId = 1, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) };
    private readonly Between _between = new();
    private readonly CountingAccountStore _accounts = new();
    private readonly SuspensionTable _suspensions = new(new NoSuspensions(), TimeProvider.System);
    private readonly RevocationTable _revocations = new(new NoRevocations(), TimeProvider.System);
    private readonly SessionTable _table = new();
    private readonly PageSessionTable _pages;
    private readonly TokenService _tokens;
    private readonly SessionService _sessions;

    public LoginRaceTests()
    {
        var apps = new AppTable([App]);
        _pages = new PageSessionTable(_between, Options.Create(new AccountOptions()), TimeProvider.System, NullLogger<PageSessionTable>.Instance);
        _tokens = new TokenService(apps, _revocations, _suspensions, TimeProvider.System);
        var bearers = new BearerCheck(_tokens, new UsedIdTable(_between, NullLogger<UsedIdTable>.Instance), new AccountDirectory(_accounts, apps), _pages);
        var state = new ServerState();
        state.Started();
        _sessions = new SessionService(
            _table, bearers, _revocations, _suspensions, _between, new EpochClock(Fakes.Lease), state, Options.Create(new SessionsOptions()),
            new AuditLog(NullLoggerFactory.Instance, new AuditMetrics(Fakes.Meters), TimeProvider.System), TimeProvider.System, NullLogger<SessionService>.Instance);
    }

    public void Dispose() => _suspensions.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Suspended_or_kicked_while_the_token_was_looked_at_nobody_is_let_in(bool isSuspension)
    {
        var user = new UserKey(App.AppId, User);
        var token = Mint(pageSession: null);
        _between.Noted = () => isSuspension ? _suspensions.SetAsync(user, null) : _revocations.RevokeAsync(user, CancellationToken.None);
        var (isIn, said) = await LogInAsync(token);
        Assert.False(isIn);
        Assert.Contains("\"bad_token\"", said, StringComparison.Ordinal);
        Assert.Empty(_table.Of(user));
    }

    [Fact]
    public async Task Signed_out_while_the_token_was_looked_at_the_connection_is_told_so()
    {
        var account = await _accounts.CreateAsync(App.AppId, "alice", "", "alice", 0);
        var (secret, _) = await _pages.OpenAsync(account!, "", "");
        var token = Mint(PageSessionTable.IdOf(secret!));
        // As it comes online, whoever ends the session has looked for its connections already.
        _between.Published = () => _pages.EndAsync(User).GetAwaiter().GetResult();
        var (_, said) = await LogInAsync(token);
        Assert.Contains("\"signed_out\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_session_is_gone_from_the_store_and_not_yet_from_memory_is_closed_with_the_others()
    {
        var user = new UserKey(App.AppId, User);
        var account = await _accounts.CreateAsync(App.AppId, "alice", "", "alice", 0);
        var (secret, _) = await _pages.OpenAsync(account!, "", "");
        var session = PageSessionTable.IdOf(secret!);
        await _pages.FindAsync(User, session);
        // It finds its session alive to the last, and is in before the end looks for connections.
        _between.Removed = async () => Assert.True((await LogInAsync(Mint(session))).IsIn);
        await new AccessService(new AppTable([App]), _revocations, _suspensions, _pages, _sessions).EndAsync(user, session);
        var late = Assert.Single(_table.Of(user)).Connection;
        Assert.True(late.IsClosing);
    }

    [Fact]
    public async Task Without_any_of_it_who_has_a_token_is_in()
    {
        var (isIn, said) = await LogInAsync(Mint(pageSession: null));
        Assert.True(isIn);
        Assert.DoesNotContain("signed_out", said, StringComparison.Ordinal);
        Assert.Single(_table.Of(new UserKey(App.AppId, User)));
    }

    private string Mint(string? pageSession) =>
        _tokens.Mint(App, new TokenIdentity(new UserKey(App.AppId, User), null, null, null) { PageSession = pageSession }, TokenService.DefaultLife).Token;

    private async Task<(bool IsIn, string Said)> LogInAsync(string token)
    {
        var connection = Fakes.Connection();
        await _sessions.LogInAsync(connection, new LoginRequest { UserId = User, AppId = App.AppId, Token = token, Protocol = 2 });
        Assert.True(connection.Input.TryRead(out var read));
        var said = Encoding.UTF8.GetString(read.Buffer.ToArray());
        connection.Input.AdvanceTo(read.Buffer.End);
        return (connection.Session is not null, said);
    }

    /// <summary>The stores and the bus, which are asked in between.</summary>
    private sealed class Between : IUsedIdStore, IPageSessionStore, IBus
    {
        private PageSession? _session;

        /// <summary>When the token has been looked at, and its user is noted.</summary>
        public Func<Task>? Noted { get; set; }

        /// <summary>When a session is gone here, before who removed it knows.</summary>
        public Func<Task>? Removed { get; set; }

        /// <summary>When the user comes online.</summary>
        public Action? Published { get; set; }

        public bool HasSubscribers => true;

        public ValueTask<bool> HasAsync(long appId, long userId) => new(false);

        public Task AddAsync(IReadOnlyCollection<UserKey> users, CancellationToken cancellationToken) => Noted?.Invoke() ?? Task.CompletedTask;

        public Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, int most)
        {
            _session = session;
            return Task.FromResult<(bool, IReadOnlyList<string>)>((true, []));
        }

        public ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync(long begunBefore, long idleSince) => throw new NotSupportedException();

        public ValueTask<PageSession?> FindAsync(string id) => new(_session);

        public ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId) => throw new NotSupportedException();

        public Task TouchAsync(string id, long seenAt) => Task.CompletedTask;

        public async Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except)
        {
            IReadOnlyList<string> ended = [_session!.Id];
            _session = null;
            await (Removed?.Invoke() ?? Task.CompletedTask);
            return ended;
        }

        public void Publish(DomainEvent domainEvent) => Published?.Invoke();

        public BusSubscription Subscribe(int capacity = 4096) => throw new NotSupportedException();
    }

    private sealed class NoRevocations : IRevocationStore
    {
        public IReadOnlyList<Revocation> LoadAll() => [];

        public ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => new((Revocation?)null);

        public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
