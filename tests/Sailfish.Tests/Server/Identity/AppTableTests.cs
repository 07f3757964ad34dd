using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Identity;

/// <summary>With other secrets of an app, those from before open nothing any more.</summary>
public sealed class AppTableTests : IDisposable
{
    private readonly Store _store = new();
    private readonly FakeChanges _changes = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SuspensionTable _suspensions;
    private readonly AppTable _apps;

    public AppTableTests()
    {
        _suspensions = new SuspensionTable(new NoSuspensions(), _time);
        _apps = new AppTable([_store.App], _store, _changes);
    }

    public void Dispose() => _suspensions.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_secrets_are_taken_and_old_ones_are_void(bool isByAnotherNode)
    {
        var tokens = new TokenService(_apps, new RevocationTable(new NoRevocations(), _time), _suspensions, _time);
        var (before, old) = (Mint(tokens), _apps.First);
        Assert.NotNull(await tokens.ReadAsync(before));
        if (isByAnotherNode)
        {
            await _store.RotateAsync(1, CancellationToken.None);
            await _changes.TellAsync(new Change(ChangeKind.App, 1));
        }
        else
        {
            Assert.NotNull(await _apps.RotateAsync(1, CancellationToken.None));
        }

        Assert.Null(await tokens.ReadAsync(before));
        Assert.NotNull(await tokens.ReadAsync(Mint(tokens)));
        Assert.Null(_apps.FindByKey(old.ApiKey));
        Assert.Same(_apps.First, _apps.FindByKey(_store.App.ApiKey));
        Assert.Same(_apps.First, _apps.Find(1));
    }

    [Fact]
    public async Task Apps_of_the_settings_stay_as_they_are()
    {
        var apps = new AppTable([_store.App], changes: _changes);
        var before = apps.First;
        Assert.Null(await apps.RotateAsync(1, CancellationToken.None));
        await _store.RotateAsync(1, CancellationToken.None);
        await _changes.TellAsync(new Change(ChangeKind.App, 1));
        await _changes.MissAsync();
        Assert.Same(before, apps.First);
    }

    [Fact]
    public async Task Who_is_none_of_them_gets_no_secrets() => Assert.Null(await _apps.RotateAsync(2, CancellationToken.None));

    private string Mint(TokenService tokens) =>
        tokens.Mint(_apps.First, new TokenIdentity(new UserKey(1, 10001), null, null, null), TokenService.DefaultLife).Token;

    private sealed class Store : IAppStore
    {
        public AppConfig App { get; private set; } = new() { AppId = 1, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) };

        public IReadOnlyList<AppConfig> Load(IReadOnlyList<AppConfig> configured) => [App];

        public Task<IReadOnlyList<AppConfig>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AppConfig>>([App]);

        public Task<AppConfig?> RotateAsync(long appId, CancellationToken cancellationToken)
        {
            if (appId != App.AppId)
                return Task.FromResult<AppConfig?>(null);
            App = new AppConfig { AppId = 1, TokenSecret = $"new {App.TokenSecret}", ApiKey = $"new {App.ApiKey}" };
            return Task.FromResult<AppConfig?>(App);
        }
    }

    private sealed class NoRevocations : IRevocationStore
    {
        public IReadOnlyList<Revocation> LoadAll() => [];

        public ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => new((Revocation?)null);

        public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
