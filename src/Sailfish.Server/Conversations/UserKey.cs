namespace Sailfish.Server.Conversations;

/// <summary>A user within an app.</summary>
internal readonly record struct UserKey(long AppId, long UserId);
