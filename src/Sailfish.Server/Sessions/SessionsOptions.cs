using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Sessions;

/// <summary><c>Sailfish:Gateway</c>, what of it is about sessions.</summary>
public sealed class SessionsOptions
{
    /// <summary>Seconds between a client's heartbeats; a session silent for twice that and 10 s is closed.</summary>
    [Range(1, 3600)]
    public int HeartbeatSeconds { get; set; } = 30;

    /// <summary>Seconds until LOGIN must have come.</summary>
    [Range(1, 600)]
    public int LoginTimeoutSeconds { get; set; } = 10;

    /// <summary>Connections of one user; one more and the oldest goes.</summary>
    [Range(1, 1000)]
    public int MaxConnectionsPerUser { get; set; } = 10;
}

/// <summary>Checks <see cref="SessionsOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class SessionsOptionsValidator : IValidateOptions<SessionsOptions>;
