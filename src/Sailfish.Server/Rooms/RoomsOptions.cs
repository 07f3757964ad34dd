using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Rooms;

/// <summary><c>Sailfish:Rooms</c>.</summary>
public sealed class RoomsOptions
{
    /// <summary>Whether a room that is no living room exists by being joined.</summary>
    public bool JoinUnlisted { get; set; } = true;

    /// <summary>Rooms that one connection may be in.</summary>
    [Range(1, 1000)]
    public int MaxPerConnection { get; set; } = 20;

    /// <summary>Messages of one room that may be on their way; beyond it, its senders are not read from.</summary>
    [Range(1, 100_000)]
    public int MaxInFlight { get; set; } = 1024;

    /// <summary>Seconds of a mute or a ban that names no time.</summary>
    [Range(1, 31_536_000)]
    public int DefaultRestrictionSeconds { get; set; } = 600;
}

/// <summary>Checks <see cref="RoomsOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class RoomsOptionsValidator : IValidateOptions<RoomsOptions>;
