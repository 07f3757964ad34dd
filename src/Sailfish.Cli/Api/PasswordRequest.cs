namespace Sailfish.Cli;

/// <summary>POST /users/{id}/password.</summary>
internal sealed record PasswordRequest(string Password);
