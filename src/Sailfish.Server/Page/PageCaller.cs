using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Page;

/// <summary>Who makes a call of the page. A handler that takes one is reached by somebody who is signed in alone.</summary>
internal sealed class PageCaller
{
    private readonly HttpContext _context;
    private Account? _account;

    private PageCaller(HttpContext context)
    {
        _context = context;
        App = context.RequestServices.GetRequiredService<AppTable>().First;
    }

    public Account Account => _account ?? throw new InvalidOperationException("The endpoint is not behind SignedInFilter.");

    /// <summary>The app of the page.</summary>
    public AppConfig App { get; }

    public UserKey User => new(App.AppId, Account.Id);

    public AuditActor Actor => AuditActor.User(Account.Id, _context);

    /// <summary>Binds a handler's parameter; whom it is of is looked up by the filter.</summary>
    public static ValueTask<PageCaller> BindAsync(HttpContext context) => new(new PageCaller(context));

    /// <summary>False when nobody is signed in.</summary>
    public async ValueTask<bool> FindAsync()
    {
        _account = await PageUser.FindAsync(_context);
        return _account is not null;
    }

    /// <summary>The session of the page that the call comes with; null when it ended meanwhile.</summary>
    public ValueTask<string?> FindSessionAsync() => PageUser.FindSessionAsync(_context);
}
