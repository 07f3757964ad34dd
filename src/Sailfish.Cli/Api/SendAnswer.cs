namespace Sailfish.Cli;

/// <summary>What POST /api/v1/messages answers.</summary>
internal sealed record SendAnswer(string? MsgId, string? Conversation, long? Seq, int OnlineUsers);
