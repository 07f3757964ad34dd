namespace Sailfish.Cli;

/// <summary>What a token says about its user.</summary>
internal sealed record TokenClaims(long UserId)
{
    public string? Name { get; init; }

    public string? Avatar { get; init; }

    public string? Device { get; init; }

    /// <summary>The only rooms that can be joined with it; null for those that anybody may join.</summary>
    public IReadOnlyList<long>? Rooms { get; init; }

    /// <summary>How long it is good to log in with.</summary>
    public int Seconds { get; init; } = TokenMint.DefaultSeconds;
}
