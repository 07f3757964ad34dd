namespace Sailfish.Media.Flv;

/// <summary>Kinds of FLV tags (FLV 10.1 specification, section E.4.1); RTMP's messages of audio and video have the same numbers.</summary>
public enum TagKind : byte
{
    /// <summary>Sound, or what a decoder of sound must know.</summary>
    Audio = 8,

    /// <summary>Pictures, or what a decoder of pictures must know.</summary>
    Video = 9,

    /// <summary>A name and values in AMF0, such as onMetaData.</summary>
    Script = 18,
}
