namespace Sailfish.Server.Rooms;

/// <summary>Why a room may not be joined.</summary>
/// <param name="Error">A stable word.</param>
/// <param name="Message">A sentence for a person.</param>
/// <param name="RetryAfterMs">When trying again can succeed.</param>
internal sealed record JoinRefusal(string Error, string Message, long? RetryAfterMs = null);
