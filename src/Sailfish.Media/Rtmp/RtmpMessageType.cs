namespace Sailfish.Media.Rtmp;

/// <summary>Types of messages (RTMP 1.0, sections 5.4 and 7.1); all others are passed over.</summary>
internal enum RtmpMessageType : byte
{
    SetChunkSize = 1,
    Abort = 2,
    Acknowledgement = 3,
    UserControl = 4,
    WindowAcknowledgementSize = 5,
    SetPeerBandwidth = 6,
    Audio = 8,
    Video = 9,

    /// <summary>AMF3, which is AMF0 behind one byte (E-RTMP v2, "Enabling AMF3 in RTMP").</summary>
    DataAmf3 = 15,
    CommandAmf3 = 17,
    DataAmf0 = 18,
    CommandAmf0 = 20,

    /// <summary>Several messages as one; no program that publishes is known to send it.</summary>
    Aggregate = 22,
}
