namespace Sailfish.Client.Connection;

/// <summary>How a connection ended.</summary>
/// <param name="Reason">A stable word or a sentence.</param>
/// <param name="IsFinal">Whether coming back makes no sense.</param>
/// <param name="After">How long to wait first, where the server said so.</param>
internal sealed record SessionEnd(string Reason, bool IsFinal, TimeSpan? After)
{
    public static SessionEnd From(SailfishException cause) => new(
        cause.Error,
        cause.IsFinal,
        cause.RetryAfterMs is { } ms ? TimeSpan.FromMilliseconds(Math.Clamp(ms, 0, int.MaxValue)) : null);
}
