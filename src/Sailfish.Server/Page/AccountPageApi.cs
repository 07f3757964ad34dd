using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Page;

/// <summary>/account/*: sign-up, sign-in, sign-out and what people change of themselves.</summary>
internal static class AccountPageApi
{
    /// <summary>What is opened by itself runs nothing and is of no origin, whatever a browser takes it for.</summary>
    private const string Sandbox = "sandbox";

    public static void MapAccountPage(this RouteGroupBuilder page)
    {
        page.MapPost("/account/register", RegisterAsync).RequireRateLimiting(PageServices.SignInPolicy);
        page.MapPost("/account/login", SignInAsync).RequireRateLimiting(PageServices.SignInPolicy);
        page.MapPost("/account/logout", SignOutAsync);
        page.MapPost("/account/password", ChangePasswordAsync).RequireRateLimiting(PageServices.SignInPolicy);
        page.MapPost("/account/sessions", SessionsAsync);
        page.MapPost("/account/endSession", EndSessionAsync);
        page.MapPost("/account/profile", RenameAsync);
        page.MapPost("/account/avatar", UploadAvatarAsync).WithMetadata(PictureUpload.Limit);
    }

    public static void MapAvatars(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/avatar/{id:long}.svg", DrawAvatar).ExcludeFromDescription();
        routes.MapGet("/avatar/{name}", GetAvatarAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> RegisterAsync(
        PageInput? input, HttpContext context, AccountService accounts, AuditLog audit, CancellationToken cancellationToken)
    {
        var outcome = await accounts.RegisterAsync(input?.Text("name"), input?.Text("password"), cancellationToken);
        if (outcome.Account is { } account && await PageUser.SignInAsync(context, account))
        {
            audit.SignedUp(AuditActor.User(account.Id, context));
            return Envelope.Ok(new { userId = account.Id });
        }

        audit.SignUpRefused(AuditActor.Stranger(context), outcome.Message);
        return Refusal(outcome);
    }

    private static async Task<IResult> SignInAsync(
        PageInput? input, HttpContext context, AccountService accounts, DeviceCookie devices, AuditLog audit, CancellationToken cancellationToken)
    {
        var outcome = await accounts.SignInAsync(input?.Text("name"), input?.Text("password"), await devices.SourceOfAsync(context), cancellationToken);
        // Another password, or a suspension, may have come while this one was looked at.
        if (outcome.Account is { } account && await PageUser.SignInAsync(context, account))
        {
            audit.SignedIn(AuditActor.User(account.Id, context));
            devices.Give(context, account.Id);
            return Envelope.Ok(new { userId = account.Id });
        }

        if (outcome.Account is { } late)
            outcome = (accounts.IsSuspended(late) ? AccountOutcome.Suspended() : AccountOutcome.Unknown("The password was changed.")) with { Named = late.Id };
        audit.SignInRefused(outcome.Named is { } id ? AuditActor.User(id, context) : AuditActor.Stranger(context), outcome.Message);
        return Refusal(outcome);
    }

    /// <summary>Ends the session with its connections; those of other browsers stay. With the last of them the account's stream ends.</summary>
    private static async Task<IResult> SignOutAsync(
        HttpContext context, AppTable apps, AccessService access, PageSessionTable sessions, LivingTable rooms, StreamOffice streams, DeviceCookie devices, AuditLog audit)
    {
        if (await PageUser.FindIdAsync(context) is { } id && await PageUser.FindSessionAsync(context) is { } session)
        {
            var user = new UserKey(apps.First.AppId, id);
            await access.EndAsync(user, session);
            await StopUnattendedAsync(user, sessions, rooms, streams);
            audit.SignedOut(AuditActor.User(id, context));
            devices.Give(context, id);
        }

        await PageUser.SignOutAsync(context);
        return Envelope.Ok();
    }

    /// <summary>An encoder's key belongs to no session: with the last of them nobody would be there who could stop it.</summary>
    private static async Task StopUnattendedAsync(UserKey user, PageSessionTable sessions, LivingTable rooms, StreamOffice streams)
    {
        if (rooms.FindOf(user.AppId, user.UserId) is { } room && await sessions.ListAsync(user.UserId) is [])
            await streams.StopAsync(room.Key, CancellationToken.None);
    }

    private static async Task<IResult> ChangePasswordAsync(
        PageInput? input, PageCaller caller, HttpContext context, AccountService accounts, AccessService access, DeviceCookie devices, AuditLog audit, CancellationToken cancellationToken)
    {
        if (await caller.FindSessionAsync() is not { } session)
            return Envelope.NotSignedIn();
        var (account, who) = (caller.Account, caller.Actor);
        var outcome = await accounts.ChangePasswordAsync(account, input?.Text("old"), input?.Text("new"), await devices.SourceOfAsync(context), cancellationToken);
        if (outcome.Account is null)
        {
            audit.PasswordRefused(who, account.Id, outcome.Message);
            return outcome.Status == AccountStatus.Unknown ? Envelope.NotAllowed("The old password is wrong.") : Refusal(outcome);
        }

        await access.EndOthersAsync(caller.User, session);
        audit.PasswordChanged(who, account.Id);
        return Envelope.Ok();
    }

    private static async Task<IResult> SessionsAsync(PageCaller caller, PageSessionTable sessions)
    {
        if (await caller.FindSessionAsync() is not { } current)
            return Envelope.NotSignedIn();
        var list = (await sessions.ListAsync(caller.Account.Id)).Select(s => new
        {
            id = s.Id,
            current = s.Id == current,
            since = s.CreatedAt,
            lastSeen = s.SeenAt,
            address = s.Address,
            agent = s.Agent,
        });
        return Envelope.Ok(new { list });
    }

    private static async Task<IResult> EndSessionAsync(
        PageInput? input, PageCaller caller, AccessService access, PageSessionTable sessions, LivingTable rooms, StreamOffice streams, AuditLog audit)
    {
        if (input?.Text("id") is not { Length: > 0 } id)
            return Envelope.Bad("id is a session's.");
        if (!await access.EndAsync(caller.User, id))
            return Envelope.Business("There is no such session.");
        audit.SessionEnded(caller.Actor, id);
        await StopUnattendedAsync(caller.User, sessions, rooms, streams);
        return Envelope.Ok();
    }

    private static async Task<IResult> RenameAsync(
        PageInput? input, PageCaller caller, AccountService accounts, LivingTable living, AuditLog audit, CancellationToken cancellationToken)
    {
        var outcome = await accounts.RenameAsync(caller.Account, input?.Text("nickName"), cancellationToken);
        if (outcome.Account is not { } renamed)
        {
            audit.NickNameRefused(caller.Actor, outcome.Message);
            return Refusal(outcome);
        }

        audit.NickNameChanged(caller.Actor, renamed.NickName);
        // At once, not with the keeper's next look: from now on nobody is taken for the anchor.
        if (living.FindOf(caller.App.AppId, renamed.Id) is { } room)
            room.Anchor = renamed;
        return Envelope.Ok(new { renamed.NickName });
    }

    private static async Task<IResult> UploadAvatarAsync(
        PageCaller caller, HttpContext context, AccountService accounts, PictureStudio studio, PageRate rate, AuditLog audit, CancellationToken cancellationToken)
    {
        if (rate.TakePicture(caller.Account.Id) is { } wait)
            return PicturesTooOften(audit, caller, wait);
        if (await PictureUpload.ReadAsync(context.Request, "avatar", cancellationToken) is not { } upload)
            return Envelope.Bad("Send a picture of at most 1 MB as a form's file named avatar.");
        var (picture, isBusy) = await studio.RedrawAsync(upload, cancellationToken);
        if (isBusy)
            return PicturesTooOften(audit, caller, PictureStudio.BusyFor);
        if (picture is null || await accounts.ChangePictureAsync(caller.Account.Id, picture, cancellationToken) is not { } changed)
            return Envelope.Bad($"A picture is a PNG, JPEG or WebP without animation, of at most {PictureStudio.MaxUploadedSide} × {PictureStudio.MaxUploadedSide} and thirteen million pixels.");
        audit.PictureChanged(caller.Actor);
        return Envelope.Ok(new { avatar = changed.AvatarUrl });
    }

    private static IResult PicturesTooOften(AuditLog audit, PageCaller caller, TimeSpan retryAfter)
    {
        audit.PictureRefused(caller.Actor, "too_often");
        return Envelope.TooOften(retryAfter);
    }

    private static IResult DrawAvatar(long id, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=86400";
        context.Response.Headers.ContentSecurityPolicy = Sandbox;
        return Results.Text(DefaultAvatar.Draw(Math.Abs(id % Protocol.Ids.Max)), "image/svg+xml");
    }

    private static async Task<IResult> GetAvatarAsync(string name, HttpContext context, IAvatarStore avatars)
    {
        if (await avatars.FindAsync(name) is not { } picture)
            return Results.NotFound();
        // The name holds the content's hash: it never means another picture.
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.ContentSecurityPolicy = Sandbox;
        return picture.Path is { } path ? Results.File(path, picture.ContentType) : Results.Bytes(picture.Bytes!, picture.ContentType);
    }

    private static IResult Refusal(AccountOutcome outcome) => outcome.Status switch
    {
        AccountStatus.Bad => Envelope.Bad(outcome.Message),
        AccountStatus.Unknown => Envelope.NotSignedIn(outcome.Message),
        AccountStatus.Suspended => Envelope.NotAllowed(outcome.Message),
        AccountStatus.TooOften => Envelope.TooOften(outcome.RetryAfter, outcome.Message),
        _ => Envelope.Business(outcome.Message),
    };
}
