using Sailfish.Protocol.Bodies;

namespace Sailfish.Client;

/// <summary>The client is closed and does not come back.</summary>
/// <param name="reason">A stable word.</param>
/// <param name="exception">The fault, where the reason is one.</param>
public sealed class ClosedEventArgs(string reason, Exception? exception = null) : EventArgs
{
    /// <summary>
    /// A stable word: of a <see cref="ByeReason"/> that says to stay away, <c>bad_token</c>, or
    /// <see cref="ClientErrors.Closed"/> when the application closed it.
    /// </summary>
    public string Reason { get; } = reason;

    /// <summary>With <see cref="ClientErrors.Fault"/>: what was thrown; else null.</summary>
    public Exception? Exception { get; } = exception;
}
