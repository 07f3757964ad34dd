using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Page;

namespace Sailfish.Tests.Server.Page;

/// <summary>A suspension that comes while somebody signs in.</summary>
public sealed class PageUserTests
{
    private const long App = 10001;
    private static readonly Account Ann = new(100_001, "ann", "", "Ann", null);

    [Fact]
    public async Task Who_was_suspended_after_the_password_was_right_has_no_session()
    {
        var store = new Sessions();
        using var suspensions = new SuspensionTable(new Suspensions(), TimeProvider.System);
        await suspensions.SetAsync(new UserKey(App, Ann.Id), duration: null);
        var services = new ServiceCollection()
            .AddSingleton(new PageSessionTable(store, Options.Create(new AccountOptions()), TimeProvider.System, NullLogger<PageSessionTable>.Instance))
            .AddSingleton(new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]))
            .AddSingleton(suspensions)
            .AddSingleton<IAuthenticationService>(new NobodySignedIn());
        await using var provider = services.BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = provider };
        Assert.False(await PageUser.SignInAsync(context, Ann));
        Assert.Equal(1, store.Added);
        Assert.Empty(store.Ids);
    }

    private sealed class NobodySignedIn : IAuthenticationService
    {
        public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) => Task.FromResult(AuthenticateResult.NoResult());

        public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => throw new NotSupportedException();

        public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => throw new NotSupportedException();

        public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) => throw new NotSupportedException();

        public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => throw new NotSupportedException();
    }

    private sealed class Sessions : IPageSessionStore
    {
        public List<string> Ids { get; } = [];

        public int Added { get; private set; }

        public Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, int most)
        {
            Added++;
            Ids.Add(session.Id);
            return Task.FromResult<(bool, IReadOnlyList<string>)>((true, []));
        }

        public ValueTask<PageSession?> FindAsync(string id) => new((PageSession?)null);

        public ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId) => new([]);

        public ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync(long begunBefore, long idleSince) => new([]);

        public Task TouchAsync(string id, long seenAt) => Task.CompletedTask;

        public Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except)
        {
            Ids.Remove(id!);
            return Task.FromResult<IReadOnlyList<string>>([id!]);
        }
    }

    private sealed class Suspensions : ISuspensionStore
    {
        public IReadOnlyList<Suspension> LoadActive(long now) => [];

        public ValueTask<Suspension?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => new((Suspension?)null);

        public Task SaveAsync(Suspension suspension, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
