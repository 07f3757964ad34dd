using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Sessions;
using Sailfish.Server.Text;

namespace Sailfish.Server.Api;

internal static class UsersApi
{
    private const int MaxUsers = 1000;
    private const int MaxReason = 200;
    private const int MaxSeconds = 31_536_000;

    public static void MapUsers(this RouteGroupBuilder api)
    {
        api.MapGet("/users/{id:long}/online", OnlineAsync).WithName("UserOnline").WithTags("Users").WithSummary("Whether a user is online, and by which sessions");
        api.MapPost("/online", OnlineMapAsync).WithName("UsersOnline").WithTags("Users").WithSummary("Which of up to 1,000 users are online");
        api.MapGet("/users/{id:long}/unacked", UnackedAsync).WithName("UserUnacked").WithTags("Users").WithSummary("One-to-one messages that a user has not acked, by conversation");
        api.MapPost("/users/{id:long}/kick", KickAsync).WithName("KickUser").WithTags("Users").WithSummary("Closes a user's connections, revokes the tokens and ends the page's sessions");
        api.MapPost("/users/{id:long}/suspend", SuspendAsync).WithName("SuspendUser").WithTags("Users").WithSummary("Lets a user in no more, for a time or until it is taken back");
        api.MapPost("/users/{id:long}/unsuspend", UnsuspendAsync).WithName("UnsuspendUser").WithTags("Users").WithSummary("Takes a suspension back");
        api.MapPost("/users/{id:long}/password", PasswordAsync).WithName("SetPassword").WithTags("Users").WithSummary("Gives an account of the page a new password and ends its sessions")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/users/{id:long}/tags", TagsAsync).WithName("UserTags").WithTags("Users").WithSummary("A user's tags");
        api.MapPost("/users/{id:long}/tags", AddTagAsync).WithName("AddTag").WithTags("Users").WithSummary("Gives a user a tag: vip, rich or old").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/users/{id:long}/tags/{tag}", RemoveTagAsync).WithName("RemoveTag").WithTags("Users").WithSummary("Takes a tag from a user");
    }

    private static async Task<Results<Ok<OnlineResponse>, ProblemHttpResult>> OnlineAsync(
        long id, HttpContext context, PresenceService presence, CancellationToken cancellationToken)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        var sessions = (await presence.FindAsync(KeyOf(context, id), cancellationToken))
            .Select(s => new SessionInfo(s.ConnectionId.ToString(CultureInfo.InvariantCulture), s.Platform, s.Device, DateTimeOffset.FromUnixTimeMilliseconds(s.Since))).ToList();
        return TypedResults.Ok(new OnlineResponse(sessions.Count > 0, sessions));
    }

    private static async Task<Results<Ok<Dictionary<string, bool>>, ProblemHttpResult>> OnlineMapAsync(
        OnlineRequest request, HttpContext context, PresenceService presence, CancellationToken cancellationToken)
    {
        if (request.Users is not { Count: <= MaxUsers } users || !users.All(Ids.IsUser))
            return Problems.BadParameter($"users is a list of at most {MaxUsers} user ids.");
        var online = await presence.OnlineAsync(ApiKeyAuthentication.AppOf(context).AppId, users, cancellationToken);
        return TypedResults.Ok(users.Distinct().ToDictionary(u => u.ToString(CultureInfo.InvariantCulture), online.Contains));
    }

    private static async Task<Results<Ok<Dictionary<string, long>>, ProblemHttpResult>> UnackedAsync(
        long id, HttpContext context, UnackedCounter counter, CancellationToken cancellationToken)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        return TypedResults.Ok(await counter.CountAsync(KeyOf(context, id), cancellationToken));
    }

    private static async Task<Results<Ok<KickResponse>, ProblemHttpResult>> KickAsync(
        long id, HttpContext context, AccessService access, AuditLog audit, CancellationToken cancellationToken, KickRequest? request = null)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        if (!IsReason(request?.Reason))
            return BadReason();
        var user = KeyOf(context, id);
        var closed = await access.KickAsync(user, cancellationToken);
        audit.Kicked(ApiKeyAuthentication.ActorOf(context), user, closed, request?.Reason);
        return TypedResults.Ok(new KickResponse(closed));
    }

    private static async Task<Results<Ok<KickResponse>, ProblemHttpResult>> SuspendAsync(
        long id, HttpContext context, AccessService access, AuditLog audit, SuspendRequest? request = null)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        if (!IsReason(request?.Reason))
            return BadReason();
        if (request?.Seconds is < 1 or > MaxSeconds)
            return Problems.BadParameter($"seconds is 1 to {MaxSeconds}.");
        var user = KeyOf(context, id);
        var closed = await access.SuspendAsync(user, request?.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        audit.Suspended(ApiKeyAuthentication.ActorOf(context), user, request?.Seconds, request?.Reason);
        return TypedResults.Ok(new KickResponse(closed));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UnsuspendAsync(long id, HttpContext context, AccessService access, AuditLog audit)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        var user = KeyOf(context, id);
        await access.UnsuspendAsync(user);
        audit.Unsuspended(ApiKeyAuthentication.ActorOf(context), user);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<KickResponse>, ProblemHttpResult>> PasswordAsync(
        long id, PasswordRequest request, HttpContext context, AccountDirectory directory, AccountService accounts, AccessService access, AuditLog audit, CancellationToken cancellationToken)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        var user = KeyOf(context, id);
        if (await directory.FindAsync(user.AppId, id, cancellationToken) is null)
            return Problems.NotFound("Nobody signed up on the page under this id.");
        var outcome = await accounts.ResetPasswordAsync(id, request.Password, cancellationToken);
        if (outcome.Account is null)
            return outcome.Status == AccountStatus.TooOften ? Problems.TooOften(context, outcome.RetryAfter) : Problems.BadParameter(outcome.Message);
        // Whoever had the old one is out.
        var closed = await access.KickAsync(user, CancellationToken.None);
        audit.PasswordChanged(ApiKeyAuthentication.ActorOf(context), id);
        return TypedResults.Ok(new KickResponse(closed));
    }

    private static async Task<Results<Ok<TagsResponse>, ProblemHttpResult>> TagsAsync(long id, HttpContext context, ITagStore tags, CancellationToken cancellationToken)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        return TypedResults.Ok(new TagsResponse(await tags.ListAsync(KeyOf(context, id).AppId, id, cancellationToken)));
    }

    private static async Task<Results<Ok<TagsResponse>, ProblemHttpResult>> AddTagAsync(
        long id, TagRequest request, HttpContext context, UserTruth truth, ITagStore tags, AuditLog audit, CancellationToken cancellationToken)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        if (request.Tag is null || !Tags.All.Contains(request.Tag))
            return Problems.BadParameter($"tag is one of {string.Join(", ", Tags.All)}.");
        if (await truth.UnknownAsync(KeyOf(context, id), cancellationToken) is { } unknown)
            return unknown;
        var appId = KeyOf(context, id).AppId;
        await tags.AddAsync(appId, id, request.Tag, cancellationToken);
        audit.Tagged(ApiKeyAuthentication.ActorOf(context), KeyOf(context, id), request.Tag);
        return TypedResults.Ok(new TagsResponse(await tags.ListAsync(appId, id, cancellationToken)));
    }

    private static async Task<Results<Ok<TagsResponse>, ProblemHttpResult>> RemoveTagAsync(
        long id, string tag, HttpContext context, ITagStore tags, AuditLog audit, CancellationToken cancellationToken)
    {
        if (!Ids.IsUser(id))
            return BadUser();
        if (!Tags.All.Contains(tag))
            return Problems.BadParameter($"tag is one of {string.Join(", ", Tags.All)}.");
        var appId = KeyOf(context, id).AppId;
        await tags.RemoveAsync(appId, id, tag, cancellationToken);
        audit.Untagged(ApiKeyAuthentication.ActorOf(context), KeyOf(context, id), tag);
        return TypedResults.Ok(new TagsResponse(await tags.ListAsync(appId, id, cancellationToken)));
    }

    private static UserKey KeyOf(HttpContext context, long userId) => new(ApiKeyAuthentication.AppOf(context).AppId, userId);

    private static bool IsReason(string? reason) => reason is not { Length: > 0 } || (Characters.IsOneTo(reason, MaxReason) && Characters.AreStorable(reason));

    private static ProblemHttpResult BadReason() => Problems.BadParameter($"reason holds at most {MaxReason} characters, none of them U+0000.");

    private static ProblemHttpResult BadUser() => Problems.BadParameter("A user id is 10000 to 2^53−1.");
}
