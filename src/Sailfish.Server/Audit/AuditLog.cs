using System.Collections.Concurrent;
using System.Globalization;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Audit;

/// <summary>
/// The category <c>Sailfish.Audit</c>: who did what from where, on whom, with what result. Never a password, token, key,
/// cookie or message; what people wrote stands escaped and cut. One method an event, so that the words stay the same.
/// </summary>
internal sealed partial class AuditLog(ILoggerFactory loggers, AuditMetrics metrics, TimeProvider time)
{
    public const string Category = "Sailfish.Audit";

    private const string Ok = "ok";
    private const string Refused = "refused";
    private const string Nobody = "-";

    /// <summary>Of what strangers can do as often as they like.</summary>
    private static readonly Rate LinesOfAKind = new(PerSecond: 10, Burst: 100);

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>By what and result: a flood of one kind hides no line of another.</summary>
    private readonly ConcurrentDictionary<(string, string), LogPace> _lines = new();

    // On the page.

    public void SignedUp(AuditActor who) => WriteBounded("sign_up", Ok, who);

    public void SignUpRefused(AuditActor who, string why) => WriteBounded("sign_up", Refused, who, why);

    public void SignedIn(AuditActor who) => WriteBounded("sign_in", Ok, who);

    /// <param name="who">The account whose name was given, where there is one: an unknown name may be a password in the wrong field.</param>
    /// <param name="why">Such as <c>password</c>, <c>unknown</c>, <c>locked</c>, <c>suspended</c>, <c>too_often</c>.</param>
    public void SignInRefused(AuditActor who, string why) => WriteBounded("sign_in", Refused, who, why);

    public void SignedOut(AuditActor who) => Write("sign_out", Ok, who);

    public void SessionEnded(AuditActor who, string session) => Write("session_end", Ok, who, detail: session);

    /// <param name="who">The user, or the app whose server sets another's.</param>
    /// <param name="userId">Whose password it is.</param>
    public void PasswordChanged(AuditActor who, long userId) => Write("password", Ok, who, AuditActor.UserName(userId));

    public void PasswordRefused(AuditActor who, long userId, string why) => WriteBounded("password", Refused, who, why, AuditActor.UserName(userId));

    public void NickNameChanged(AuditActor who, string nickName) => WriteBounded("nick_name", Ok, who, nickName);

    public void NickNameRefused(AuditActor who, string why) => WriteBounded("nick_name", Refused, who, why);

    public void PictureChanged(AuditActor who) => WriteBounded("picture", Ok, who);

    public void PictureRefused(AuditActor who, string why) => WriteBounded("picture", Refused, who, why);

    // Keys and tokens.

    public void KeyRefused(AuditActor who, string why) => WriteBounded("api_key", Refused, who, why);

    public void TokenMinted(AuditActor who, UserKey user) => WriteBounded("token_mint", Ok, who, "", AuditActor.UserName(user));

    public void TokenMintRefused(AuditActor who, UserKey user, string why) => WriteBounded("token_mint", Refused, who, why, AuditActor.UserName(user));

    /// <summary>An app has another token secret and another API key.</summary>
    public void SecretsRotated(AuditActor who, long appId) => Write("rotate", Ok, who, AuditActor.AppName(appId));

    public void TokenRefused(AuditActor who, string why) => WriteBounded("token", Refused, who, why);

    // What an app's server does to its users.

    public void Tagged(AuditActor who, UserKey user, string tag) => Write("tag", Ok, who, AuditActor.UserName(user), tag);

    public void Untagged(AuditActor who, UserKey user, string tag) => Write("untag", Ok, who, AuditActor.UserName(user), tag);

    public void Kicked(AuditActor who, UserKey user, int closed, string? reason) =>
        Write("kick", Ok, who, AuditActor.UserName(user), $"closed={Number(closed)} reason={reason}");

    public void Suspended(AuditActor who, UserKey user, int? seconds, string? reason) =>
        Write("suspend", Ok, who, AuditActor.UserName(user), $"seconds={Number(seconds)} reason={reason}");

    public void Unsuspended(AuditActor who, UserKey user) => Write("unsuspend", Ok, who, AuditActor.UserName(user));

    // In rooms, by the anchor or by an app's server.

    public void Muted(AuditActor who, long roomId, long userId, TimeSpan? duration) =>
        Write("mute", Ok, who, AuditActor.UserName(userId), $"{AuditActor.RoomName(roomId)} seconds={Number(duration?.TotalSeconds)}");

    public void Unmuted(AuditActor who, long roomId, long userId) =>
        Write("unmute", Ok, who, AuditActor.UserName(userId), AuditActor.RoomName(roomId));

    /// <summary>With a duration it is a ban as well.</summary>
    public void Removed(AuditActor who, long roomId, long userId, TimeSpan? duration) =>
        Write("remove", Ok, who, AuditActor.UserName(userId), $"{AuditActor.RoomName(roomId)} seconds={Number(duration?.TotalSeconds)}");

    /// <summary>Who was kept out may come again.</summary>
    public void Unremoved(AuditActor who, long roomId, long userId) =>
        Write("unremove", Ok, who, AuditActor.UserName(userId), AuditActor.RoomName(roomId));

    public void CoverChosen(AuditActor who, long roomId) => WriteBounded("cover", Ok, who, $"{AuditActor.RoomName(roomId)} chosen");

    /// <summary>The room shows again what the page takes of the picture.</summary>
    public void CoverLetGo(AuditActor who, long roomId) => WriteBounded("cover", Ok, who, $"{AuditActor.RoomName(roomId)} auto");

    public void ModerationRefused(AuditActor who, string what, long roomId, long userId, string why) =>
        WriteBounded(what, Refused, who, $"{AuditActor.RoomName(roomId)} {why}", AuditActor.UserName(userId));

    // The server itself.

    /// <summary>At the start, those that are not the default, without secrets.</summary>
    public void Settings(IEnumerable<string> changed)
    {
        foreach (var setting in changed)
            Write("setting", Ok, new AuditActor("server", Nobody), detail: setting);
    }

    /// <summary>For what strangers can do as often as they like.</summary>
    private void WriteBounded(string what, string result, AuditActor who, string detail = "", string whom = Nobody)
    {
        if (_lines.GetOrAdd((what, result), _ => new LogPace(LinesOfAKind, time)).TryTake(out var leftOut))
            Write(what, result, who, whom, leftOut > 0 ? $"{detail} (left out before: {Number(leftOut)})" : detail);
        else
            metrics.Count(what, result);
    }

    private void Write(string what, string result, AuditActor who, string whom = Nobody, string detail = "")
    {
        metrics.Count(what, result);
        LogEvent(_logger, what, result, who.Who, who.From, whom, LogText.Of(detail));
    }

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? Nobody;

    [LoggerMessage(600, LogLevel.Information, "what={What} result={Result} who={Who} from={From} on={Whom} detail={Detail}")]
    private static partial void LogEvent(ILogger logger, string what, string result, string who, string from, string whom, string detail);
}
