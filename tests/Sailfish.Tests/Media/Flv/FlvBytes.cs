using Sailfish.Media.Flv;

namespace Sailfish.Tests.Media.Flv;

/// <summary>FLV streams, and tags as text.</summary>
internal static class FlvBytes
{
    public static byte[] Of(IReadOnlyList<FlvTag> tags)
    {
        var bytes = new byte[FlvWriter.HeaderSize + tags.Sum(tag => FlvWriter.TagSize(tag.Body.Length))];
        FlvWriter.Header(true, true).CopyTo(bytes);
        var at = FlvWriter.HeaderSize;
        foreach (var tag in tags)
            at += FlvWriter.WriteTag(bytes.AsSpan(at), tag.Kind, tag.Timestamp, tag.Body.Span);
        return bytes;
    }

    public static string Describe(FlvTag tag) => $"{tag.Kind} {tag.Timestamp} {Convert.ToHexString(tag.Body.Span)}";
}
