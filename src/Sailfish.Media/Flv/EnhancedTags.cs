namespace Sailfish.Media.Flv;

/// <summary>
/// E-RTMP's forms as players know them: they read H.264 and AAC by their old numbers alone, and no modifiers (ModEx).
/// </summary>
public static class EnhancedTags
{
    private const byte LegacyAvc = 7;

    /// <summary>Codec 10; rate, size and channels are always these for AAC (FLV 10.1 specification, section E.4.2.1).</summary>
    private const byte LegacyAac = 0xAF;

    private static ReadOnlySpan<byte> NoCompositionTime => [0, 0, 0];

    /// <summary>
    /// A tag of <c>avc1</c> or <c>mp4a</c> in the legacy form, other E-RTMP tags without their modifiers, and all else, commands and
    /// multitrack tags among it, as it is. What has no legacy form (colours of <c>avc1</c>, order of channels and end of
    /// <c>mp4a</c>) comes back with an empty body, and is to be left out.
    /// </summary>
    /// <exception cref="MediaFormatException">The body ends within its head, or is of a kind that no specification has.</exception>
    public static FlvTag ToLegacy(in FlvTag tag)
    {
        var body = tag.Body.Span;
        if (body.IsEmpty || !EnhancedHead.IsEnhanced(tag.Kind, body[0]))
            return tag;
        var head = EnhancedHead.Read(tag.Kind, body);
        return (tag.Kind, head.Name) switch
        {
            _ when head.IsCommand || head.IsMultitrack => tag,
            (TagKind.Video, FourCc.Avc1) => tag with { Body = ToAvc(head, body) },
            (TagKind.Audio, FourCc.Mp4a) => tag with { Body = ToAac(head, body) },
            _ when head.HasModEx => tag with { Body = WithoutModEx(head, body) },
            _ => tag,
        };
    }

    private static byte[] ToAvc(EnhancedHead head, ReadOnlySpan<byte> body)
    {
        var flags = (byte)((EnhancedHead.FrameType(body[0]) << 4) | LegacyAvc);
        var data = body[head.Size..];
        return head.PacketType switch
        {
            EnhancedHead.SequenceStart => [flags, 0, .. NoCompositionTime, .. data],
            // The composition time stands before the data already.
            EnhancedHead.CodedFrames => [flags, 1, .. data],
            EnhancedHead.CodedFramesX => [flags, 1, .. NoCompositionTime, .. data],
            EnhancedHead.SequenceEnd => [flags, 2, .. NoCompositionTime],
            _ => [],
        };
    }

    private static byte[] ToAac(EnhancedHead head, ReadOnlySpan<byte> body) => head.PacketType switch
    {
        EnhancedHead.SequenceStart => [LegacyAac, 0, .. body[head.Size..]],
        EnhancedHead.CodedFrames => [LegacyAac, 1, .. body[head.Size..]],
        _ => [],
    };

    private static byte[] WithoutModEx(EnhancedHead head, ReadOnlySpan<byte> body) =>
        [(byte)((body[0] & 0xF0) | head.PacketType), .. body[(head.Size - FourCc.Size)..]];
}
