using Sailfish.Server.Accounts;

namespace Sailfish.Server.Page;

/// <summary>/account/*: sign-up, sign-in, sign-out and what people change of themselves.</summary>
internal static class AccountPageApi
{
    public static void MapAccountPage(this RouteGroupBuilder page)
    {
        page.MapPost("/account/register", RegisterAsync).RequireRateLimiting(PageServices.SignInPolicy);
        page.MapPost("/account/login", SignInAsync).RequireRateLimiting(PageServices.SignInPolicy);
        page.MapPost("/account/logout", (Delegate)SignOutAsync);
        page.MapPost("/account/profile", RenameAsync);
        page.MapPost("/account/avatar", UploadAvatarAsync).WithMetadata(PictureUpload.Limit);
    }

    public static void MapAvatars(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/avatar/{id:long}.svg", DrawAvatar).ExcludeFromDescription();
        routes.MapGet("/avatar/{name}", GetAvatar).ExcludeFromDescription();
    }

    private static async Task<IResult> RegisterAsync(PageInput? input, HttpContext context, AccountService accounts, CancellationToken cancellationToken) =>
        await AnswerAsync(context, await accounts.RegisterAsync(input?.Text("name"), input?.Text("password"), cancellationToken));

    private static async Task<IResult> SignInAsync(PageInput? input, HttpContext context, AccountService accounts, CancellationToken cancellationToken) =>
        await AnswerAsync(context, await accounts.SignInAsync(input?.Text("name"), input?.Text("password"), cancellationToken));

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await PageUser.SignOutAsync(context);
        return Envelope.Ok();
    }

    private static async Task<IResult> RenameAsync(PageInput? input, HttpContext context, AccountService accounts, CancellationToken cancellationToken)
    {
        if (await PageUser.FindAsync(context) is not { } account)
            return Envelope.NotSignedIn();
        var outcome = await accounts.RenameAsync(account, input?.Text("nickName"), cancellationToken);
        return outcome.Account is { } renamed ? Envelope.Ok(new { renamed.NickName }) : Envelope.Bad(outcome.Message);
    }

    private static async Task<IResult> UploadAvatarAsync(HttpContext context, AccountService accounts, CancellationToken cancellationToken)
    {
        if (await PageUser.FindAsync(context) is not { } account)
            return Envelope.NotSignedIn();
        if (await PictureUpload.ReadAsync(context.Request, "avatar", cancellationToken) is not { } picture)
            return Envelope.Bad("Send a picture of at most 1 MB as a form's file named avatar.");
        return await accounts.ChangePictureAsync(account.Id, picture, cancellationToken) is { } changed
            ? Envelope.Ok(new { avatar = changed.AvatarUrl })
            : Envelope.Bad("A picture is a PNG, JPEG or WebP.");
    }

    private static IResult DrawAvatar(long id, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Text(DefaultAvatar.Draw(Math.Abs(id % Protocol.Ids.Max)), "image/svg+xml");
    }

    private static IResult GetAvatar(string name, HttpContext context, AvatarStore avatars)
    {
        if (avatars.Find(name) is not var (path, contentType))
            return Results.NotFound();
        // The name holds the content's hash: it never means another picture.
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.File(path, contentType);
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, AccountOutcome outcome)
    {
        if (outcome.Account is { } account)
        {
            await PageUser.SignInAsync(context, account);
            return Envelope.Ok(new { userId = account.Id });
        }

        return outcome.Status switch
        {
            AccountStatus.Bad => Envelope.Bad(outcome.Message),
            AccountStatus.Unknown => Envelope.NotSignedIn(outcome.Message),
            AccountStatus.TooOften => Envelope.TooOften(outcome.Message),
            _ => Envelope.Business(outcome.Message),
        };
    }
}
