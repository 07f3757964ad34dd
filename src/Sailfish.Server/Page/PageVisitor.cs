using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Page;

/// <summary>
/// Who makes a call of the page that guests make, too: somebody who is signed in, or nobody in particular. A handler that takes
/// one asks <see cref="Refusal"/> first.
/// </summary>
internal sealed class PageVisitor
{
    private readonly HttpContext _context;

    private PageVisitor(HttpContext context, AppConfig app, Account? account) => (_context, App, Account) = (context, app, account);

    /// <summary>The app of the page.</summary>
    public AppConfig App { get; }

    /// <summary>Null for a guest.</summary>
    public Account? Account { get; }

    /// <summary>Binds a handler's parameter.</summary>
    public static async ValueTask<PageVisitor> BindAsync(HttpContext context) =>
        new(context, context.RequestServices.GetRequiredService<AppTable>().First, await PageUser.FindAsync(context));

    /// <summary>Whose place among the viewers it is: a guest's by his cookie, which he gets with the answer.</summary>
    public UserKey User()
    {
        if (Account is not null)
            return new UserKey(App.AppId, Account.Id);
        var cookie = _context.RequestServices.GetRequiredService<GuestCookie>();
        var id = cookie.Find(_context) ?? GuestCookie.NewId();
        cookie.Give(_context, id);
        return new UserKey(App.AppId, id);
    }

    /// <summary>The session of the page that the call comes with; a guest has none.</summary>
    public async ValueTask<string?> FindSessionAsync() => Account is null ? null : await PageUser.FindSessionAsync(_context);

    /// <summary>Why a guest may not make the call now; null when he may, and for everybody else.</summary>
    public IResult? Refusal()
    {
        if (Account is not null)
            return null;
        var services = _context.RequestServices;
        if (!services.GetRequiredService<GuestSeats>().AreWelcome)
            return Envelope.NotSignedIn();
        return services.GetRequiredService<PageRate>().TakeGuestCall(ClientAddress.Of(_context)) is { } wait ? Envelope.TooOften(wait) : null;
    }
}
