using Sailfish.Protocol;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Identity;

/// <summary>What a token says of its bearer, and what is known of the bearer here.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Name">The name that others see, if the app fixed one.</param>
/// <param name="Avatar">Likewise the picture.</param>
/// <param name="Device">Likewise the device.</param>
/// <param name="MintedAt">When the token was minted, in milliseconds since 1970.</param>
internal sealed record TokenIdentity(UserKey User, string? Name, string? Avatar, string? Device, long MintedAt = 0)
{
    /// <summary>The only rooms that the bearer may join beside what an account may join anyway; null when the token names none.</summary>
    public IReadOnlySet<long>? Rooms { get; init; }

    /// <summary>Whether the bearer signed up on the page. Known from the accounts and not from the token.</summary>
    public bool IsAccount { get; init; }

    /// <summary>Whether it is somebody without an account, who looks at living rooms; by the id, which nobody else has.</summary>
    public bool IsGuest => Ids.IsGuest(User.UserId);

    /// <summary>The page's session that the token was fetched with, if it was.</summary>
    public string? PageSession { get; init; }
}
