namespace Sailfish.Server.Sessions;

/// <summary>What a token says of its bearer.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Name">The name that others see, if the app fixed one.</param>
/// <param name="Avatar">Likewise the picture.</param>
/// <param name="Device">Likewise the device.</param>
/// <param name="MintedAt">When the token was minted, in milliseconds since 1970.</param>
internal sealed record TokenIdentity(UserKey User, string? Name, string? Avatar, string? Device, long MintedAt = 0);
