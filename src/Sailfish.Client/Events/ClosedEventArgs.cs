namespace Sailfish.Client;

/// <summary>The client is closed and does not come back.</summary>
/// <param name="reason">A stable word.</param>
public sealed class ClosedEventArgs(string reason) : EventArgs
{
    /// <summary>
    /// A stable word: the BYE's reason (<c>replaced</c>, <c>too_many_sessions</c>, <c>kicked</c>), <c>bad_token</c>, or
    /// <see cref="ClientErrors.Closed"/> when the application closed it.
    /// </summary>
    public string Reason { get; } = reason;
}
