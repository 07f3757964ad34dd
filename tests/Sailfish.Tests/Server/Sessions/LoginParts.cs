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

/// <summary>All that a LOGIN goes through on one node of several, whose directory does what it is told.</summary>
internal sealed class LoginParts : IDisposable
{
    public const long User = 10001;
    private static readonly AppConfig App = new() { AppId = 1, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) };
    private readonly SuspensionTable _suspensions = new(new NoSuspensions(), TimeProvider.System);
    private readonly PageSessionTable _pages;
    private readonly TokenService _tokens;

    public LoginParts(TimeSpan? patience = null)
    {
        var apps = new AppTable([App]);
        Revocations = new RevocationTable(new NoStore(), TimeProvider.System);
        _tokens = new TokenService(apps, Revocations, _suspensions, TimeProvider.System);
        _pages = new PageSessionTable(new NoStore(), Options.Create(new AccountOptions()), TimeProvider.System, NullLogger<PageSessionTable>.Instance);
        var bearers = new BearerCheck(_tokens, new UsedIdTable(new NoStore(), NullLogger<UsedIdTable>.Instance), new AccountDirectory(new CountingAccountStore(), apps), _pages);
        var state = new ServerState();
        state.Started();
        Shared = new SharedSessions(
            Directory, Table, Connections, Fakes.Lease, Bus, TimeProvider.System, NullLogger<SharedSessions>.Instance, Directory, Directory)
        {
            Patience = patience ?? Wait.Limit,
        };
        Sessions = new SessionService(
            Table, bearers, Revocations, _suspensions, Bus, new EpochClock(Fakes.Lease), state, Options.Create(new SessionsOptions()),
            new AuditLog(NullLoggerFactory.Instance, new AuditMetrics(Fakes.Meters), TimeProvider.System), TimeProvider.System, NullLogger<SessionService>.Instance, Shared, Guests);
        Access = new AccessService(apps, Revocations, _suspensions, _pages, Sessions);
        Listener = new SessionListener(Shared, new SessionExodus(Connections, TimeProvider.System), Fakes.Lease, Directory);
    }

    public GuestSeats Guests { get; } = new(Options.Create(new GuestOptions { GuestsPerAddress = 3 }));

    public static UserKey Key { get; } = new(App.AppId, User);

    public FakeDirectory Directory { get; } = new();

    public SessionTable Table { get; } = new();

    public ConnectionTable Connections { get; } = new(Fakes.Lease);

    public InProcessBus Bus { get; } = new(Fakes.Meters);

    public RevocationTable Revocations { get; }

    public SharedSessions Shared { get; }

    public SessionService Sessions { get; }

    public AccessService Access { get; }

    public SessionListener Listener { get; }

    public void Dispose() => _suspensions.Dispose();

    /// <summary>A connection that is about to say LOGIN.</summary>
    public Connection Connect(int maxOutboxBytes = 1024 * 1024)
    {
        var connection = Fakes.Connection(maxOutboxBytes: maxOutboxBytes);
        Connections.Add(connection);
        return connection;
    }

    public ValueTask LogInAsync(Connection connection, string? device = null) => Sessions.LogInAsync(
        connection, new LoginRequest { UserId = User, AppId = App.AppId, Token = Mint(Key), DeviceId = device, Protocol = 2 });

    public ValueTask LogInGuestAsync(Connection connection, long id) => Sessions.LogInAsync(
        connection, new LoginRequest { UserId = id, AppId = App.AppId, Token = Mint(new UserKey(App.AppId, id)), DeviceId = "phone", Protocol = 2 });

    /// <summary>One that the directory lists at once.</summary>
    public async Task<Session> EnterAsync(string? device = null, bool cameOnline = false)
    {
        var connection = Connect();
        var login = LogInAsync(connection, device).AsTask();
        await Wait.UntilAsync(() => Directory.Entering.Count > 0);
        Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry(cameOnline: cameOnline));
        await login;
        Fakes.SentTo(connection.Session!);
        return connection.Session!;
    }

    private string Mint(UserKey user) => _tokens.Mint(App, new TokenIdentity(user, null, null, null), TokenService.DefaultLife).Token;

    private sealed class NoStore : IUsedIdStore, IPageSessionStore, IRevocationStore
    {
        public ValueTask<bool> HasAsync(long appId, long userId) => new(false);

        public Task AddAsync(IReadOnlyCollection<UserKey> users, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, int most) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync(long begunBefore, long idleSince) => throw new NotSupportedException();

        public ValueTask<PageSession?> FindAsync(string id) => new((PageSession?)null);

        public ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId) => throw new NotSupportedException();

        public Task TouchAsync(string id, long seenAt) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except) => Task.FromResult<IReadOnlyList<string>>([]);

        public IReadOnlyList<Revocation> LoadAll() => [];

        public ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => new((Revocation?)null);

        public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
