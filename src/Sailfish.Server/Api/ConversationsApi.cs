using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Api;

internal static class ConversationsApi
{
    private const int DefaultPage = 100;
    private const int MaxPage = 500;

    /// <summary>A page ends here, whatever its limit: what one call may make the server read.</summary>
    private const int MaxPageBytes = 1024 * 1024;

    public static void MapConversations(this RouteGroupBuilder api) =>
        api.MapGet("/conversations/{conversation}/messages", MessagesAsync).WithName("ConversationMessages").WithTags("Conversations").WithSummary("A conversation's messages after a seq");

    private static async Task<Results<Ok<ConversationMessagesResponse>, ProblemHttpResult>> MessagesAsync(
        string conversation, HttpContext context, IMessageHistory history, CancellationToken cancellationToken, long? after = null, int? limit = null)
    {
        var count = limit ?? DefaultPage;
        if (count is < 1 or > MaxPage || after < 0)
            return Problems.BadParameter($"limit is 1 to {MaxPage}, after a seq.");
        if (!ConversationKey.TryParse(ApiKeyAuthentication.AppOf(context).AppId, conversation, out var key))
            return Problems.BadParameter("A conversation is d:{lower user}:{higher user} or r:{room}.");
        var page = await history.ReadAsync(key, after ?? 0, count, MaxPageBytes, cancellationToken);
        return TypedResults.Ok(new ConversationMessagesResponse([.. page.Messages.Select(m => m.ToBody(receiver: m.SenderId))], !page.IsWhole));
    }
}
