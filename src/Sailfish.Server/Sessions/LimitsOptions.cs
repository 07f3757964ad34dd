using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Sessions;

/// <summary><c>Sailfish:Limits</c>: rates, 0 for none.</summary>
public sealed class LimitsOptions
{
    /// <summary>Messages a second that one user may send in the long run.</summary>
    [Range(0, 1_000_000)]
    public int MessagesPerSecond { get; set; } = 20;

    /// <summary>Messages that one user may send at once.</summary>
    [Range(1, 1_000_000)]
    public int MessagesBurst { get; set; } = 40;

    /// <summary>Bytes of messages' <c>data</c> a second that one user may send in the long run; unset: 65536, or none without a rate of messages.</summary>
    [Range(0, 1_000_000_000)]
    public int? BytesPerSecond { get; set; }

    /// <summary>Bytes of messages' <c>data</c> that one user may send at once.</summary>
    [Range(1, 1_000_000_000)]
    public int BytesBurst { get; set; } = 1_048_576;

    /// <summary>Conversations an hour, and at once, that one user may begin; unset: 200, or none without a rate of messages.</summary>
    [Range(0, 1_000_000)]
    public int? NewConversationsPerHour { get; set; }

    /// <summary>SYNCs a second that one user may send in the long run; one that names conversations weighs one more for each ten.</summary>
    [Range(0, 1_000_000)]
    public int SyncsPerSecond { get; set; } = 50;

    /// <summary>SYNCs that one user may send at once.</summary>
    [Range(1, 1_000_000)]
    public int SyncsBurst { get; set; } = 200;

    /// <summary>JOINs a second that one user may send in the long run.</summary>
    [Range(0, 1_000_000)]
    public int JoinsPerSecond { get; set; } = 50;

    /// <summary>JOINs that one user may send at once.</summary>
    [Range(1, 1_000_000)]
    public int JoinsBurst { get; set; } = 200;

    /// <summary>New connections a second from one address.</summary>
    [Range(0, 1_000_000)]
    public int ConnectionsPerIpPerSecond { get; set; } = 200;

    /// <summary>Open connections of one address.</summary>
    [Range(0, 1_000_000)]
    public int ConnectionsPerIp { get; set; }

    internal int EffectiveBytesPerSecond => BytesPerSecond ?? (MessagesPerSecond == 0 ? 0 : 65_536);

    internal int EffectiveNewConversationsPerHour => NewConversationsPerHour ?? (MessagesPerSecond == 0 ? 0 : 200);
}

/// <summary>Checks <see cref="LimitsOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class LimitsOptionsValidator : IValidateOptions<LimitsOptions>;
