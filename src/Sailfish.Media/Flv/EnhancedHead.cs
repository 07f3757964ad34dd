using System.Buffers.Binary;

namespace Sailfish.Media.Flv;

/// <summary>
/// The head of an E-RTMP body (E-RTMP v2, ExVideoTagHeader and ExAudioTagHeader):
/// <c>flags and packet type u8 | ModEx* | tracks? | FourCC | track id and size?</c>.
/// </summary>
/// <param name="PacketType">What the body holds; the same numbers for sound and pictures but for the two modes.</param>
/// <param name="IsCommand">Pictures: a command stands in the place of a FourCC.</param>
/// <param name="Name">The codec's FourCC; of several tracks, the first one's.</param>
/// <param name="IsMultitrack">Whether tracks have numbers, be it one or several.</param>
/// <param name="HasModEx">Whether modifiers stood before the packet type.</param>
/// <param name="Size">Bytes up to where data of the codec, or the composition time before them, begin.</param>
internal readonly record struct EnhancedHead(byte PacketType, bool IsCommand, uint Name, bool IsMultitrack, bool HasModEx, int Size)
{
    public const byte SequenceStart = 0;
    public const byte CodedFrames = 1;
    public const byte SequenceEnd = 2;

    /// <summary>Pictures: coded frames with no composition time before them, which is then 0.</summary>
    public const byte CodedFramesX = 3;

    /// <summary>Pictures: colours; sound: the order of channels.</summary>
    public const byte Metadata = 4;

    /// <summary>Pictures: a sequence start as MPEG-2 TS has it.</summary>
    public const byte Mpeg2TsSequenceStart = 5;

    /// <summary>The frame type of a command (FLV 10.1 specification, section E.4.3.1).</summary>
    public const int CommandFrame = 5;

    private const byte VideoMultitrack = 6;
    private const byte AudioMultitrack = 5;
    private const byte ModEx = 7;
    private const byte OneTrack = 0;
    private const byte ManyTracksManyCodecs = 2;

    /// <summary>Whether a body that begins with <paramref name="first"/> is of E-RTMP.</summary>
    public static bool IsEnhanced(TagKind kind, byte first) => kind switch
    {
        TagKind.Video => (first & 0x80) != 0,
        TagKind.Audio => first >> 4 == 9,
        _ => false,
    };

    /// <summary>The frame type of an E-RTMP video body.</summary>
    public static int FrameType(byte first) => (first >> 4) & 7;

    /// <exception cref="MediaFormatException">The body ends within its head, or is of a kind that no specification has.</exception>
    public static EnhancedHead Read(TagKind kind, ReadOnlySpan<byte> body)
    {
        var packetType = (byte)(At(body, 0) & 0x0F);
        var size = 1;
        var hasModEx = packetType == ModEx;
        while (packetType == ModEx)
            packetType = SkipModEx(body, ref size);
        if (kind == TagKind.Video && FrameType(body[0]) == CommandFrame && packetType != Metadata)
            return new EnhancedHead(packetType, true, 0, false, hasModEx, size);
        return packetType == (kind == TagKind.Video ? VideoMultitrack : AudioMultitrack)
            ? ReadTracks(body, size, hasModEx)
            : new EnhancedHead(packetType, false, FourCcAt(body, size), false, hasModEx, size + FourCc.Size);
    }

    /// <summary><c>size − 1 u8, or 255 and size − 1 u16 | size bytes | kind u4, next packet type u4</c>; returns the latter.</summary>
    private static byte SkipModEx(ReadOnlySpan<byte> body, ref int size)
    {
        var length = At(body, size++) + 1;
        if (length == byte.MaxValue + 1)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(Within(body, size, sizeof(ushort))) + 1;
            size += sizeof(ushort);
        }

        size += length;
        return (byte)(At(body, size++) & 0x0F);
    }

    /// <summary><c>kind of tracks u4, packet type u4 | FourCC | track id u8 | size of the track u24, if there may be several</c>.</summary>
    private static EnhancedHead ReadTracks(ReadOnlySpan<byte> body, int size, bool hasModEx)
    {
        var modes = At(body, size++);
        var tracks = modes >> 4;
        if (tracks > ManyTracksManyCodecs)
            throw new MediaFormatException("E-RTMP: tracks of an unknown kind.");
        // Where each track has a codec of its own, its name stands before the track's id: in the same place.
        var name = FourCcAt(body, size);
        size += FourCc.Size + 1 + (tracks == OneTrack ? 0 : UInt24.Size);
        _ = At(body, size - 1);
        return new EnhancedHead((byte)(modes & 0x0F), false, name, true, hasModEx, size);
    }

    private static uint FourCcAt(ReadOnlySpan<byte> body, int at) => FourCc.Read(Within(body, at, FourCc.Size));

    private static byte At(ReadOnlySpan<byte> body, int at) => Within(body, at, 1)[0];

    private static ReadOnlySpan<byte> Within(ReadOnlySpan<byte> body, int at, int count) =>
        at + count <= body.Length ? body.Slice(at, count) : throw new MediaFormatException("E-RTMP: a tag ends within its head.");
}
