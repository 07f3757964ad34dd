using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Page;

/// <summary>/home/initPage, and what somebody logs in with: /im/getImConfig, and /im/guestConfig without an account.</summary>
internal static class HomePageApi
{
    public static void MapHomePage(this RouteGroupBuilder page)
    {
        page.MapPost("/home/initPage", InitAsync);
        page.MapPost("/im/getImConfig", GetImConfigAsync);
        page.MapPost("/im/guestConfig", GetGuestConfig);
    }

    private static async Task<IResult> InitAsync(HttpContext context, AppTable apps, LivingService living, CancellationToken cancellationToken)
    {
        if (await PageUser.FindAsync(context) is not { } account)
            return Envelope.Ok(new { loginStatus = false });
        return Envelope.Ok(new
        {
            loginStatus = true,
            userId = account.Id,
            nickName = account.NickName,
            avatar = account.AvatarUrl,
            showStartLivingBtn = await living.MayStartAsync(apps.First.AppId, account.Id, cancellationToken),
        });
    }

    private static async Task<IResult> GetImConfigAsync(PageCaller caller, HttpContext context, TokenService tokens, BoundPorts ports, AuditLog audit)
    {
        // No name or picture in the token: the account's are taken as they are when something is said.
        var identity = new TokenIdentity(caller.User, Name: null, Avatar: null, Device: null)
        {
            PageSession = await caller.FindSessionAsync(),
        };
        audit.TokenMinted(caller.Actor, identity.User);
        return ConfigOf(context, caller.App, identity, tokens, ports);
    }

    /// <summary>Not audited: it is no more than a look at the page.</summary>
    private static IResult GetGuestConfig(
        HttpContext context, AppTable apps, GuestCookie guests, GuestSeats seats, PageRate rate, SuspensionTable suspensions, TokenService tokens, BoundPorts ports)
    {
        if (!seats.AreWelcome)
            return Envelope.NotSignedIn();
        if (rate.TakeGuestCall(ClientAddress.Of(context)) is { } wait)
            return Envelope.TooOften(wait);
        var user = new UserKey(apps.First.AppId, guests.Find(context) ?? GuestCookie.NewId());
        if (suspensions.IsSuspended(user))
            return Envelope.NotAllowed("You are suspended.");
        guests.Give(context, user.UserId);
        return ConfigOf(context, apps.First, new TokenIdentity(user, Name: null, Avatar: null, Device: null), tokens, ports);
    }

    private static IResult ConfigOf(HttpContext context, AppConfig app, TokenIdentity identity, TokenService tokens, BoundPorts ports)
    {
        var host = context.Request.Host.Host;
        return Envelope.Ok(new
        {
            token = tokens.Mint(app, identity, TokenService.DefaultLife).Token,
            wsImServerAddress = $"{host}:{ports.Of(BoundPorts.WebSocket).Port}",
            tcpImServerAddress = $"{host}:{ports.Of(BoundPorts.Tcp).Port}",
            userId = identity.User.UserId,
            appId = app.AppId,
        });
    }
}
