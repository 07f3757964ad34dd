namespace Sailfish.Media.Flv;

/// <summary>
/// What the first bytes of a tag's body say: legacy ones (FLV 10.1 specification, sections E.4.2.1 and E.4.3.1) and those of
/// E-RTMP v2. The data of the codec behind them are not looked at: what is a key frame is the encoder's word.
/// </summary>
/// <param name="Kind">The tag's kind.</param>
/// <param name="Codec">Its codec, if it is known.</param>
/// <param name="Content">What it holds.</param>
/// <param name="IsKey">A frame of pictures that needs none before it. False for headers, and for all sound.</param>
/// <param name="IsEnhanced">Whether it has E-RTMP's form, a FourCC in place of a number.</param>
/// <param name="IsMultitrack">
/// E-RTMP: tracks have numbers. <paramref name="Codec"/> and <paramref name="PayloadOffset"/> are then the first track's;
/// the others are not looked for. Players know no such tags.
/// </param>
/// <param name="PayloadOffset">Where data of the codec begin in the body: behind codec, packet type and composition time.</param>
public readonly record struct TagInfo(TagKind Kind, MediaCodec Codec, TagContent Content, bool IsKey, bool IsEnhanced, bool IsMultitrack, int PayloadOffset)
{
    private const int KeyFrame = 1;

    /// <summary>Whether it is coded pictures or sound.</summary>
    public bool IsFrame => Content == TagContent.Frame;

    /// <summary>Whether it is a sequence header.</summary>
    public bool IsHeader => Content == TagContent.Header;

    /// <summary>Reads the first bytes of <paramref name="tag"/>'s body.</summary>
    /// <exception cref="MediaFormatException">As for the other form.</exception>
    public static TagInfo Of(in FlvTag tag) => Of(tag.Kind, tag.Body.Span);

    /// <summary>Reads the first bytes of a body. A codec that is not known is no error.</summary>
    /// <exception cref="MediaFormatException">The body is empty or ends within its head, or its packet type is none that a specification has.</exception>
    public static TagInfo Of(TagKind kind, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            throw Short();
        return kind switch
        {
            TagKind.Script => new TagInfo(kind, MediaCodec.Unknown, TagContent.Metadata, false, false, false, 0),
            TagKind.Audio or TagKind.Video when EnhancedHead.IsEnhanced(kind, body[0]) => OfEnhanced(kind, body),
            TagKind.Audio => OfAudio(body),
            TagKind.Video => OfVideo(body),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary><c>frame type u4, codec u4 | packet type u8 | composition time i24</c>; the latter two of H.264 and HEVC alone.</summary>
    private static TagInfo OfVideo(ReadOnlySpan<byte> body)
    {
        var frameType = body[0] >> 4;
        var codec = (body[0] & 0x0F) switch
        {
            7 => MediaCodec.H264,
            12 => MediaCodec.Hevc,
            _ => MediaCodec.Unknown,
        };
        if (frameType == EnhancedHead.CommandFrame)
            return new TagInfo(TagKind.Video, codec, TagContent.Command, false, false, false, 1);
        if (codec == MediaCodec.Unknown)
            return new TagInfo(TagKind.Video, codec, TagContent.Frame, frameType == KeyFrame, false, false, 1);

        const int offset = 1 + 1 + UInt24.Size;
        if (body.Length < offset)
            throw Short();
        var content = body[1] switch
        {
            0 => TagContent.Header,
            1 => TagContent.Frame,
            2 => TagContent.End,
            _ => throw UnknownPacket(),
        };
        return new TagInfo(TagKind.Video, codec, content, content == TagContent.Frame && frameType == KeyFrame, false, false, offset);
    }

    /// <summary><c>codec u4, rate, size and channels u4 | packet type u8</c>; the latter of AAC alone.</summary>
    private static TagInfo OfAudio(ReadOnlySpan<byte> body)
    {
        switch (body[0] >> 4)
        {
            case 2 or 14:
                return new TagInfo(TagKind.Audio, MediaCodec.Mp3, TagContent.Frame, false, false, false, 1);
            case 10 when body.Length < 2:
                throw Short();
            case 10:
                var content = body[1] switch
                {
                    0 => TagContent.Header,
                    1 => TagContent.Frame,
                    _ => throw UnknownPacket(),
                };
                return new TagInfo(TagKind.Audio, MediaCodec.Aac, content, false, false, false, 2);
            default:
                return new TagInfo(TagKind.Audio, MediaCodec.Unknown, TagContent.Frame, false, false, false, 1);
        }
    }

    private static TagInfo OfEnhanced(TagKind kind, ReadOnlySpan<byte> body)
    {
        var head = EnhancedHead.Read(kind, body);
        if (head.IsCommand)
            return new TagInfo(kind, MediaCodec.Unknown, TagContent.Command, false, true, false, head.Size);
        var codec = FourCc.ToCodec(kind, head.Name);
        var content = ContentOf(kind, head.PacketType);
        var isKey = kind == TagKind.Video && content == TagContent.Frame && EnhancedHead.FrameType(body[0]) == KeyFrame;
        var offset = head.Size + (HasCompositionTime(codec, head.PacketType) ? UInt24.Size : 0);
        return body.Length < offset ? throw Short() : new TagInfo(kind, codec, content, isKey, true, head.IsMultitrack, offset);
    }

    private static TagContent ContentOf(TagKind kind, byte packetType) => (kind, packetType) switch
    {
        (_, EnhancedHead.SequenceStart) => TagContent.Header,
        (_, EnhancedHead.CodedFrames) => TagContent.Frame,
        (_, EnhancedHead.SequenceEnd) => TagContent.End,
        (_, EnhancedHead.Metadata) => TagContent.Metadata,
        (TagKind.Video, EnhancedHead.CodedFramesX) => TagContent.Frame,
        (TagKind.Video, EnhancedHead.Mpeg2TsSequenceStart) => TagContent.Header,
        _ => throw UnknownPacket(),
    };

    private static bool HasCompositionTime(MediaCodec codec, byte packetType) =>
        packetType == EnhancedHead.CodedFrames && codec is MediaCodec.H264 or MediaCodec.Hevc;

    private static MediaFormatException Short() => new("FLV: a tag's body ends within its head.");

    private static MediaFormatException UnknownPacket() => new("FLV: a tag's packet type is none that is known.");
}
