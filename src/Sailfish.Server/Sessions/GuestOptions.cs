using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Sessions;

/// <summary><c>Sailfish:Living</c>, what of it is about people without an account.</summary>
public sealed class GuestOptions
{
    /// <summary>Whether people without an account may look at living rooms.</summary>
    public bool Guests { get; set; } = true;

    /// <summary>Connections of guests from one address at once; 0 = no limit.</summary>
    [Range(0, 1_000_000)]
    public int GuestsPerAddress { get; set; } = 20;
}

/// <summary>Checks <see cref="GuestOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class GuestOptionsValidator : IValidateOptions<GuestOptions>;
