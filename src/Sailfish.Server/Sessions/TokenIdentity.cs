namespace Sailfish.Server.Sessions;

/// <summary>What a token says of its bearer.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Name">The name that others see, if the app fixed one.</param>
/// <param name="Avatar">Likewise the picture.</param>
/// <param name="Device">Likewise the device.</param>
internal sealed record TokenIdentity(UserKey User, string? Name, string? Avatar, string? Device);
