namespace Sailfish.Cli;

/// <summary>POST /api/v1/messages.</summary>
internal sealed record SendRequest(int BizCode, string Data, long? From, string? ClientMsgId, SendTarget To);
