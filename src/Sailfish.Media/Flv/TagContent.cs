namespace Sailfish.Media.Flv;

/// <summary>What a tag holds.</summary>
public enum TagContent : byte
{
    /// <summary>Coded pictures or sound.</summary>
    Frame,

    /// <summary>A sequence header: what a decoder must have before the first frame, such as avcC, AudioSpecificConfig or OpusHead.</summary>
    Header,

    /// <summary>The end of a sequence; nothing to show.</summary>
    End,

    /// <summary>A script tag; in E-RTMP also the colours of pictures (HDR) and the order of channels. Players end with an error at the latter two.</summary>
    Metadata,

    /// <summary>Tells a player that seeking begins or ends (frame type 5); nothing to show.</summary>
    Command,
}
