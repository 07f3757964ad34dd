using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Delivery;

/// <summary><c>Sailfish:Gateway</c>, what of it is about messages that are not acked.</summary>
public sealed class DeliveryOptions
{
    /// <summary>Seconds after which an unacked message is sent again.</summary>
    [Range(1, 600)]
    public int AckTimeoutSeconds { get; set; } = 4;

    /// <summary>How often an unacked message is sent again before it is left to SYNC.</summary>
    [Range(0, 10)]
    public int MaxResends { get; set; } = 1;
}

/// <summary>Checks <see cref="DeliveryOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>;
