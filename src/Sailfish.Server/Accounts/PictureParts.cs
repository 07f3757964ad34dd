using System.Buffers.Binary;

namespace Sailfish.Server.Accounts;

/// <summary>
/// What of an uploaded file the decoders get to see. Some bytes ask for work that no picture's size bounds: a PNG's
/// compressed text unpacks to a thousand times as much, and each scan of a JPEG goes over all of its pixels.
/// </summary>
internal static class PictureParts
{
    /// <summary>A photo that comes into sight in steps has about ten.</summary>
    private const int MaxScans = 100;

    /// <summary>A chunk's length and type before its content, and its checksum behind it (PNG, section 5.3).</summary>
    private const int ChunkHead = 8;
    private const int ChunkFrame = ChunkHead + sizeof(uint);

    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8];

    /// <summary>The marker before each scan. Within a scan's data it does not occur.</summary>
    private static ReadOnlySpan<byte> ScanMarker => [0xFF, 0xDA];

    /// <summary>Behind the last scan.</summary>
    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];

    private static ReadOnlySpan<byte> RiffSignature => "RIFF"u8;

    /// <summary>The file without what makes no pixels; null when nobody draws such a picture.</summary>
    public static byte[]? OfPixels(byte[] upload)
    {
        if (upload.AsSpan().StartsWith(PngSignature))
            return OfPng(upload);
        return upload.AsSpan().StartsWith(JpegSignature) && upload.AsSpan().Count(ScanMarker) > MaxScans ? null : upload;
    }

    /// <summary>Whether a JPEG or a WebP has its end: decoders draw one that breaks off as far as it goes, and grey from there on.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> upload)
    {
        if (upload.StartsWith(JpegSignature))
            return upload.LastIndexOf(ScanMarker) is >= 0 and var scan && upload[scan..].IndexOf(JpegEnd) >= 0;
        return upload.StartsWith(RiffSignature) && upload.Length >= ChunkHead
            && BinaryPrimitives.ReadUInt32LittleEndian(upload[RiffSignature.Length..]) <= upload.Length - ChunkHead;
    }

    /// <summary>Up to its end, or to where it breaks off.</summary>
    private static byte[] OfPng(ReadOnlySpan<byte> png)
    {
        var kept = new List<byte>(png.Length);
        kept.AddRange(PngSignature);
        for (var rest = png[PngSignature.Length..]; rest.Length >= ChunkFrame;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - ChunkFrame)
                break;
            var chunk = rest[..(ChunkFrame + (int)length)];
            if (IsOfPixels(chunk[sizeof(uint)..ChunkHead]))
                kept.AddRange(chunk);
            rest = rest[chunk.Length..];
        }

        return [.. kept];
    }

    /// <summary>The pixels, and which side of them is up.</summary>
    private static bool IsOfPixels(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("IHDR"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("tRNS"u8)
        || type.SequenceEqual("IDAT"u8) || type.SequenceEqual("eXIf"u8) || type.SequenceEqual("IEND"u8);
}
