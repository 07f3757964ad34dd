namespace Sailfish.Client;

/// <summary>Makes a <see cref="SailfishClientOptions.TokenProvider"/> out of what there is.</summary>
public static class SailfishToken
{
    /// <summary>One token for every login: for tries, because tokens live for minutes only.</summary>
    /// <param name="token">The token; null, as of an environment variable that is not set, fails the login.</param>
    /// <returns>The provider.</returns>
    public static Func<CancellationToken, ValueTask<string>> From(string? token) =>
        _ => token is { Length: > 0 } ? ValueTask.FromResult(token) : throw new InvalidOperationException("There is no token.");

    /// <summary>A function that answers at once.</summary>
    /// <param name="make">Gives a token for each login.</param>
    /// <returns>The provider.</returns>
    public static Func<CancellationToken, ValueTask<string>> From(Func<string> make) => _ => ValueTask.FromResult(make());

    /// <summary>A function that answers later, by a <see cref="Task"/>.</summary>
    /// <param name="fetch">Gives a token for each login.</param>
    /// <returns>The provider.</returns>
    public static Func<CancellationToken, ValueTask<string>> From(Func<CancellationToken, Task<string>> fetch) =>
        cancellation => new ValueTask<string>(fetch(cancellation));
}
