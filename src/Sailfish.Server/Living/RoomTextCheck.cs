using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Text;

namespace Sailfish.Server.Living;

/// <summary>Whether what an anchor writes on a room may stand there: its name as nick names, the announcement as messages.</summary>
internal sealed class RoomTextCheck(NameCheck names, IContentCheck words, IRiskRecords risks, TimeProvider time)
{
    /// <summary>Characters.</summary>
    public const int MaxAnnouncement = 500;

    /// <summary>What is null is not checked, and stays null.</summary>
    /// <param name="room">Which; of a room that is to be started the id is 0.</param>
    /// <param name="anchor">Who writes it.</param>
    /// <param name="name">As it was given.</param>
    /// <param name="announcement">Likewise.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<CheckedRoomTexts> CheckAsync(RoomKey room, long anchor, string? name, string? announcement, CancellationToken cancellationToken)
    {
        string? shown = null;
        if (name is not null && !NameRules.TryRoomName(name, out shown))
            return CheckedRoomTexts.Bad($"roomName is 1 to {NameRules.MaxRoomName} characters that can be seen.");
        var text = announcement?.Trim();
        if (text is { Length: > 0 } && (!Characters.IsOneTo(text, MaxAnnouncement) || !Characters.AreStorable(text)))
            return CheckedRoomTexts.Bad($"announcement is at most {MaxAnnouncement} characters.");
        if (shown is not null && await names.HasWordAsync(shown, cancellationToken))
            return CheckedRoomTexts.Refused("The name has words that are not allowed here.");
        var allowed = text is { Length: > 0 } ? await JudgeAsync(room, anchor, text, cancellationToken) : text;
        return allowed is null && text is not null
            ? CheckedRoomTexts.Refused("The announcement has words that are not allowed here.")
            : new CheckedRoomTexts(shown, allowed, null, false);
    }

    /// <summary>As it may be shown; null when it is refused.</summary>
    private async ValueTask<string?> JudgeAsync(RoomKey room, long anchor, string text, CancellationToken cancellationToken)
    {
        var verdict = await words.CheckAsync(text, cancellationToken);
        if (verdict.Word is not null)
        {
            var action = verdict.Content is null ? "refused" : "masked";
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            await risks.AddAsync(new RiskRecord(room.AppId, anchor, room.Conversation.Name, action, verdict.Word, text, now), cancellationToken);
        }

        return verdict.Content;
    }
}
