namespace Sailfish.Cli;

/// <summary>POST /tokens.</summary>
internal sealed record TokenRequest(long UserId, bool Account);
