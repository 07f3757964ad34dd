using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Living;

/// <summary><c>Sailfish:Living</c>: the rooms of the page.</summary>
public sealed class LivingOptions
{
    /// <summary>Seconds that an anchor may be away from the room before it closes by itself.</summary>
    [Range(1, 86_400)]
    public int AnchorAwaySeconds { get; set; } = 60;

    /// <summary>The most likes that one request may bring.</summary>
    [Range(1, 1000)]
    public int MaxLikesPerRequest { get; set; } = 50;
}

/// <summary>Checks <see cref="LivingOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class LivingOptionsValidator : IValidateOptions<LivingOptions>;
