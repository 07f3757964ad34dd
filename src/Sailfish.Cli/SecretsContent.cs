namespace Sailfish.Cli;

/// <summary>The whole of <c>secrets.json</c>.</summary>
internal sealed record SecretsContent(IReadOnlyList<AppSecrets>? Apps);
