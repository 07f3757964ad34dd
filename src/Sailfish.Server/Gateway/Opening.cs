using Sailfish.Protocol.Dialects;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Server.Gateway;

/// <summary>How a connection begins.</summary>
/// <param name="Kind">What it turned out to be.</param>
/// <param name="Dialect">How frames stand on it, when it is ours.</param>
/// <param name="Path">The seed's path, which is a login.</param>
/// <param name="View">What is to be watched, when it is that.</param>
internal readonly record struct Opening(OpeningKind Kind, Dialect Dialect = default, LegacyPath? Path = null, ViewRequest View = default)
{
    public static readonly Opening Tcp = new(OpeningKind.Ours, Dialect.Binary);
    public static readonly Opening Rtmp = new(OpeningKind.Publisher);
}

/// <summary>What a connection turned out to be.</summary>
internal enum OpeningKind
{
    /// <summary>Ours to serve.</summary>
    Ours,

    /// <summary>Somebody who watches a stream, on a WebSocket.</summary>
    Viewer,

    /// <summary>An encoder.</summary>
    Publisher,

    /// <summary>Another protocol; nothing was taken from it.</summary>
    Other,

    /// <summary>Refused, or gone before it asked for anything.</summary>
    Ended,
}
