namespace Sailfish.Server.Rooms;

/// <summary>Why a room may not be joined.</summary>
/// <param name="Error">A stable word.</param>
/// <param name="Message">A sentence for a person.</param>
/// <param name="RetryAfter">After how long trying again can succeed; null when it is not known.</param>
internal sealed record JoinRefusal(string Error, string Message, TimeSpan? RetryAfter = null);
