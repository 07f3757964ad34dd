namespace Sailfish.Cli;

/// <summary>What POST /api/v1/apps/rotate answers.</summary>
internal sealed record SecretsAnswer(long AppId, string ApiKey, string TokenSecret)
{
    /// <summary>Without the secrets, so that no message can print them.</summary>
    public override string ToString() => $"app {AppId}";
}
