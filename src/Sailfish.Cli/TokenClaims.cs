namespace Sailfish.Cli;

/// <summary>What a token says about its user.</summary>
internal sealed record TokenClaims(long UserId)
{
    public string? Name { get; init; }

    public string? Avatar { get; init; }

    public string? Device { get; init; }

    /// <summary>How long it is good to log in with.</summary>
    public int Seconds { get; init; } = TokenMint.DefaultSeconds;
}
