using Sailfish.Media.Amf;

namespace Sailfish.Media.Flv;

/// <summary>onMetaData (FLV 10.1 specification, section E.5), as far as it is of use. Null or false: not said, or nonsense.</summary>
/// <param name="Width">Pixels, 1 to <see cref="VideoSize.Max"/>.</param>
/// <param name="Height">Pixels, 1 to <see cref="VideoSize.Max"/>.</param>
/// <param name="FrameRate">Pictures a second, above 0 to 1,000.</param>
/// <param name="HasVideo">Whether a codec of pictures is named, by number or by name.</param>
/// <param name="HasAudio">Whether a codec of sound is named, by number or by name.</param>
public readonly record struct StreamMetadata(int? Width, int? Height, double? FrameRate, bool HasVideo, bool HasAudio)
{
    private const int MaxFrameRate = 1_000;

    /// <summary>
    /// Reads a script tag's body. False: it is not onMetaData, or not to be read; a stream can go on without it. Never throws.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out StreamMetadata metadata)
    {
        metadata = default;
        if (!IsMetadata(body))
            return false;
        try
        {
            metadata = Read(body);
            return true;
        }
        catch (MediaFormatException)
        {
            // Nothing depends on it: the sizes of the pictures are in them, too.
            return false;
        }
    }

    /// <summary>Whether a script tag's body begins with the name onMetaData.</summary>
    internal static bool IsMetadata(ReadOnlySpan<byte> body) => body.StartsWith("\u0002\0\u000AonMetaData"u8);

    private static StreamMetadata Read(ReadOnlySpan<byte> body)
    {
        var reader = new Amf0Reader(body);
        reader.Skip();
        reader.ReadObjectStart();
        var metadata = default(StreamMetadata);
        while (reader.ReadName(out var name))
            metadata = metadata.With(name, ref reader);
        return metadata;
    }

    private StreamMetadata With(ReadOnlySpan<byte> name, ref Amf0Reader reader)
    {
        if (name.SequenceEqual("width"u8))
            return this with { Width = ReadPixels(ref reader) };
        if (name.SequenceEqual("height"u8))
            return this with { Height = ReadPixels(ref reader) };
        if (name.SequenceEqual("framerate"u8))
            return this with { FrameRate = ReadFrameRate(ref reader) };
        if (name.SequenceEqual("videocodecid"u8))
            return this with { HasVideo = ReadCodec(ref reader) };
        if (name.SequenceEqual("audiocodecid"u8))
            return this with { HasAudio = ReadCodec(ref reader) };
        reader.Skip();
        return this;
    }

    private static int? ReadPixels(ref Amf0Reader reader) => ReadNumber(ref reader) is >= 1 and <= VideoSize.Max and var pixels ? (int)pixels : null;

    private static double? ReadFrameRate(ref Amf0Reader reader) => ReadNumber(ref reader) is > 0 and <= MaxFrameRate and var rate ? rate : null;

    /// <summary>A number that is not 0, or the name that some encoders write.</summary>
    private static bool ReadCodec(ref Amf0Reader reader) =>
        reader.Peek() == AmfKind.String ? !reader.ReadStringBytes().IsEmpty : ReadNumber(ref reader) > 0;

    private static double? ReadNumber(ref Amf0Reader reader)
    {
        if (reader.Peek() == AmfKind.Number)
            return reader.ReadNumber();
        reader.Skip();
        return null;
    }
}
