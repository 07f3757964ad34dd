namespace Sailfish.Cli;

/// <summary>One connection of a user.</summary>
internal sealed record OnlineSession(string? ConnectionId, string? Platform, string? Device, DateTimeOffset Since);
