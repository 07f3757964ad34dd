using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Messaging;

/// <summary>Puts all of a chat message that is shown before the content check, and what was found on record.</summary>
internal sealed class ChatCheck(IContentCheck check, IRiskRecords risks, MessageMetrics metrics, TimeProvider time)
{
    /// <summary>What may be stored; null when it is refused.</summary>
    /// <param name="session">Who says it.</param>
    /// <param name="conversation">Where.</param>
    /// <param name="data">The whole of it.</param>
    /// <param name="content">Its text.</param>
    /// <param name="claimedName">The sender's name, where it is the client's word.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    public ValueTask<CheckedChat?> CheckAsync(
        Session session, ConversationKey conversation, MessageData data, string content, string? claimedName, CancellationToken cancellationToken) =>
        check.PassesAll
            ? new(new CheckedChat(content, claimedName, null))
            : JudgeAsync(session, conversation, data, content, claimedName, cancellationToken);

    private async ValueTask<CheckedChat?> JudgeAsync(
        Session session, ConversationKey conversation, MessageData data, string content, string? claimedName, CancellationToken cancellationToken)
    {
        if (!check.IsQuick(data.Length) && !Thread.CurrentThread.IsThreadPoolThread)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (await JudgeTextAsync(content) is not { } allowed)
            return null;
        var name = claimedName is null ? null : await JudgeTextAsync(claimedName);
        if (name is null && claimedName is not null)
            return null;
        Dictionary<string, string>? masked = null;
        foreach (var text in data.ShownStrings())
        {
            if (await JudgeTextAsync(text) is not { } shown)
                return null;
            if (!ReferenceEquals(shown, text))
                (masked ??= [])[text] = shown;
        }

        return new CheckedChat(allowed, name, masked);

        async ValueTask<string?> JudgeTextAsync(string text)
        {
            var verdict = await check.CheckAsync(text, cancellationToken);
            if (verdict.Word is null)
                return verdict.Content;
            var action = verdict.Content is null ? "refused" : "masked";
            metrics.Risky(action);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            await risks.AddAsync(new RiskRecord(session.AppId, session.UserId, conversation.Name, action, verdict.Word, text, now), cancellationToken);
            return verdict.Content;
        }
    }
}

/// <summary>A chat message that may be stored.</summary>
/// <param name="Content">Its text, masked where it had to be.</param>
/// <param name="ClaimedName">The sender's name, likewise; null when none was claimed.</param>
/// <param name="Masked">Other strings that had to be masked, by how they were given.</param>
internal readonly record struct CheckedChat(string Content, string? ClaimedName, IReadOnlyDictionary<string, string>? Masked);
