namespace Sailfish.Server.Cluster.Frames;

/// <summary>Why a frame is refused.</summary>
internal enum FrameFault
{
    None,

    /// <summary>Shorter than a header.</summary>
    TooShort,

    /// <summary>Longer than any frame may be.</summary>
    TooLong,

    /// <summary>Its first byte is no frame's.</summary>
    BadMagic,

    /// <summary>Of a version that this program does not read: those have a subject of their own.</summary>
    OtherVersion,

    /// <summary>It ends within an item, or within what an item's length promises.</summary>
    Truncated,

    /// <summary>A number that no sender writes, such as a negative length or seq 0.</summary>
    BadValue,

    /// <summary>A text that is not UTF-8.</summary>
    BadText,
}

internal static class FrameFaults
{
    /// <summary>The word for metrics.</summary>
    public static string Word(FrameFault fault) => fault switch
    {
        FrameFault.None => "none",
        FrameFault.TooShort => "too_short",
        FrameFault.TooLong => "too_long",
        FrameFault.BadMagic => "bad_magic",
        FrameFault.OtherVersion => "other_version",
        FrameFault.Truncated => "truncated",
        FrameFault.BadValue => "bad_value",
        FrameFault.BadText => "bad_text",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
