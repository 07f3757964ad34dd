using Microsoft.Net.Http.Headers;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Page;

/// <summary>/living/cover, and the covers themselves.</summary>
internal static class CoverPageApi
{
    /// <summary>A browser that has a cover asks whether there is another after so many seconds.</summary>
    private const string ForSomeSeconds = "max-age=30";

    /// <summary>What is opened by itself runs nothing and is of no origin, whatever a browser takes it for.</summary>
    private const string Sandbox = "sandbox";

    public static void MapCoverPage(this RouteGroupBuilder page) => page.MapPost("/living/cover", ChangeAsync).WithMetadata(PictureUpload.Limit);

    public static void MapCovers(this IEndpointRouteBuilder routes) => routes.MapGetAndHead("/live/{id:long}.jpg", GetAsync).ExcludeFromDescription();

    private static async Task<IResult> ChangeAsync(
        PageCaller caller, HttpContext context, LivingTable living, CoverTable covers, PictureStudio studio, PageRate rate, AuditLog audit, CancellationToken cancellationToken)
    {
        if (await PictureUpload.ReadAsync(context.Request, "cover", CoverDrawing.MaxBytes, "auto", cancellationToken) is not { Word: null or "true" or "false" } form)
            return Envelope.Bad("Send a form with the file cover, and auto true or false.");
        var isChosen = form.Word != "true";
        if (form.Picture is null && (isChosen || form.HasFile))
            return BadPicture();
        if (living.FindOf(caller.App.AppId, caller.Account.Id) is not { } room)
            return Envelope.Business("Only the anchor of an open room gives it a cover.");
        if (form.Picture is not { } upload)
            return await LetGoAsync(caller, room, covers, audit);
        if (!isChosen && covers.IsChosen(room.Row.Id))
            return Stands(room, covers);
        if (rate.TakeCover(caller.Account.Id) is { } wait)
            return Envelope.TooOften(wait);
        var (picture, isBusy) = await studio.DrawCoverAsync(upload, cancellationToken);
        if (isBusy)
            return Envelope.TooOften(PictureStudio.BusyFor);
        return picture is null ? BadPicture() : await TakeAsync(caller, room, Cover.Of(picture), isChosen, living, covers, audit);
    }

    private static async Task<IResult> TakeAsync(PageCaller caller, LivingRoom room, Cover cover, bool isChosen, LivingTable living, CoverTable covers, AuditLog audit)
    {
        var isTaken = await covers.ChangeAsync(room.Row.Id, cover, isChosen);
        // Closed while the picture was drawn; else, where this one is automatic, one was chosen at that moment.
        if (!isTaken && living.Find(room.Key) is null)
            return Envelope.Business("The room is not open.");
        if (!isTaken && isChosen)
            return Envelope.Business("The server has no space for it now.");
        if (isTaken && isChosen)
            audit.CoverChosen(caller.Actor, room.Row.Id);
        return Stands(room, covers);
    }

    private static async Task<IResult> LetGoAsync(PageCaller caller, LivingRoom room, CoverTable covers, AuditLog audit)
    {
        await covers.LetGoAsync(room.Row.Id);
        audit.CoverLetGo(caller.Actor, room.Row.Id);
        return Stands(room, covers);
    }

    private static async Task<IResult> GetAsync(long id, HttpContext context, AppTable apps, LivingTable living, CoverTable covers, CancellationToken cancellationToken)
    {
        if (!context.RequestServices.GetRequiredService<GuestSeats>().AreWelcome && await PageUser.FindIdAsync(context) is null)
            return Results.Unauthorized();
        if (living.Find(new RoomKey(apps.First.AppId, id)) is null || await covers.FindAsync(id, cancellationToken) is not { } cover)
            return Results.NotFound();
        context.Response.Headers.CacheControl = ForSomeSeconds;
        context.Response.Headers.ContentSecurityPolicy = Sandbox;
        return Results.Bytes(cover.Content, "image/jpeg", entityTag: new EntityTagHeaderValue($"\"{cover.Name}\""));
    }

    private static IResult Stands(LivingRoom room, CoverTable covers) =>
        Envelope.Ok(new { covertImg = covers.PathOf(room.Row.Id), chosen = covers.IsChosen(room.Row.Id) });

    private static IResult BadPicture() =>
        Envelope.Bad($"A cover is a whole JPEG or WebP without animation, of at most 200 KB and {CoverDrawing.MaxUploadedSide} × {CoverDrawing.MaxUploadedSide} pixels.");
}
