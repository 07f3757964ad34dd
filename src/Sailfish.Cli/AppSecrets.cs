namespace Sailfish.Cli;

/// <summary>One app of <c>secrets.json</c>.</summary>
internal sealed record AppSecrets
{
    public long AppId { get; init; }

    public string? Name { get; init; }

    /// <summary>Signs tokens.</summary>
    public string TokenSecret { get; init; } = "";

    /// <summary>Opens the server API.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Without the secrets, so that no message can print them.</summary>
    public override string ToString() => $"app {AppId}";
}
