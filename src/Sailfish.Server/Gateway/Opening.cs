using Sailfish.Protocol.Dialects;

namespace Sailfish.Server.Gateway;

/// <summary>How a connection begins.</summary>
/// <param name="Kind">What it turned out to be.</param>
/// <param name="Dialect">How frames stand on it, when it is ours.</param>
/// <param name="Path">The seed's path, which is a login.</param>
internal readonly record struct Opening(OpeningKind Kind, Dialect Dialect = default, LegacyPath? Path = null)
{
    public static readonly Opening Tcp = new(OpeningKind.Ours, Dialect.Binary);
}

/// <summary>What a connection turned out to be.</summary>
internal enum OpeningKind
{
    /// <summary>Ours to serve.</summary>
    Ours,

    /// <summary>Another protocol; nothing was taken from it.</summary>
    Other,

    /// <summary>Refused, or gone before it asked for anything.</summary>
    Ended,
}
