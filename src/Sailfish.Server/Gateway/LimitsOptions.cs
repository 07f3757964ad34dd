using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Gateway;

/// <summary><c>Sailfish:Limits</c>: rates, 0 for none.</summary>
public sealed class LimitsOptions
{
    /// <summary>Messages a second that one session may send in the long run.</summary>
    [Range(0, 1_000_000)]
    public int MessagesPerSecond { get; set; } = 20;

    /// <summary>Messages that one session may send at once.</summary>
    [Range(1, 1_000_000)]
    public int MessagesBurst { get; set; } = 40;

    /// <summary>SYNCs a second that one session may send in the long run.</summary>
    [Range(0, 1_000_000)]
    public int SyncsPerSecond { get; set; } = 50;

    /// <summary>SYNCs that one session may send at once.</summary>
    [Range(1, 1_000_000)]
    public int SyncsBurst { get; set; } = 200;

    /// <summary>JOINs a second that one session may send in the long run.</summary>
    [Range(0, 1_000_000)]
    public int JoinsPerSecond { get; set; } = 50;

    /// <summary>JOINs that one session may send at once.</summary>
    [Range(1, 1_000_000)]
    public int JoinsBurst { get; set; } = 200;

    /// <summary>New connections a second from one address.</summary>
    [Range(0, 1_000_000)]
    public int ConnectionsPerIpPerSecond { get; set; } = 200;
}

/// <summary>Checks <see cref="LimitsOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class LimitsOptionsValidator : IValidateOptions<LimitsOptions>;
