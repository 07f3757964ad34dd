using Sailfish.Server.Audit;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;

namespace Sailfish.Server.Page;

/// <summary>/home/initPage and /im/getImConfig.</summary>
internal static class HomePageApi
{
    public static void MapHomePage(this RouteGroupBuilder page)
    {
        page.MapPost("/home/initPage", InitAsync);
        page.MapPost("/im/getImConfig", GetImConfigAsync);
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
        var host = context.Request.Host.Host;
        return Envelope.Ok(new
        {
            token = tokens.Mint(caller.App, identity, TokenService.DefaultLife).Token,
            wsImServerAddress = $"{host}:{ports.Of(BoundPorts.WebSocket).Port}",
            tcpImServerAddress = $"{host}:{ports.Of(BoundPorts.Tcp).Port}",
            userId = caller.Account.Id,
            appId = caller.App.AppId,
        });
    }
}
