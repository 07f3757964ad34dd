using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>Real pictures: the left half red, the right half blue.</summary>
internal static class TestPictures
{
    /// <summary>Any picture, where it does not matter which.</summary>
    public static readonly byte[] Any = Png();

    public static byte[] Png(int width = 16, int height = 8) => Draw(width, height, new PngEncoder());

    public static byte[] Jpeg(int width = 16, int height = 8) => Draw(width, height, new JpegEncoder());

    public static byte[] WebP(int width = 16, int height = 8) => Draw(width, height, new WebpEncoder());

    /// <summary>As a phone makes it: turned, and with the place where it was taken.</summary>
    public static byte[] Photo()
    {
        var exif = new ExifProfile();
        exif.SetValue(ExifTag.GPSLatitude, [new Rational(48), new Rational(51), new Rational(24)]);
        exif.SetValue(ExifTag.GPSLatitudeRef, "N");
        exif.SetValue(ExifTag.Make, "secret-camera");
        // Six: to be turned clockwise by a quarter.
        exif.SetValue(ExifTag.Orientation, (ushort)6);
        return Draw(16, 8, new JpegEncoder { Quality = 100 }, exif);
    }

    /// <summary>A PNG's head that promises a size, with a right checksum; the pixels are those of a small one.</summary>
    public static byte[] Promising(int width, int height)
    {
        var picture = Png();
        // The length and type of IHDR, its two numbers, and the checksum over type and content (PNG, section 11.2.2).
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(picture.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(picture.AsSpan(20), height);
        var crc = Crc(picture.AsSpan(12, 17));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(picture.AsSpan(29), crc);
        return picture;
    }

    /// <summary>A JPEG whose frame header (ITU T.81, B.2.2) promises a size; its pixels are those of a small one.</summary>
    public static byte[] PromisingJpeg(ushort width, ushort height)
    {
        var picture = Jpeg();
        // Behind the marker of a baseline frame: its length, the bits of a sample, then the two numbers.
        var frame = picture.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(picture.AsSpan(frame + 5), height);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(picture.AsSpan(frame + 7), width);
        return picture;
    }

    /// <summary>A JPEG that holds a text in a comment (T.81, B.2.4.5).</summary>
    public static byte[] JpegWithComment(string text)
    {
        var picture = Jpeg();
        var comment = System.Text.Encoding.ASCII.GetBytes(text);
        var length = comment.Length + sizeof(ushort);
        return [.. picture[..2], 0xFF, 0xFE, (byte)(length >> 8), (byte)length, .. comment, .. picture[2..]];
    }

    /// <summary>A WebP of two frames (WebP container specification, "Animation"), each the whole of a small one.</summary>
    public static byte[] AnimatedWebP()
    {
        const int Width = 16, Height = 8;
        var still = WebP(Width, Height);
        // Behind the file's head and its name: the chunk with the picture.
        var picture = still.AsSpan(12).ToArray();
        byte[] size = [Width - 1, 0, 0, Height - 1, 0, 0];
        byte[] frame = [0, 0, 0, 0, 0, 0, .. size, 100, 0, 0, 0, .. picture];
        byte[] content = [.. "WEBP"u8, .. Chunk("VP8X", [2, 0, 0, 0, .. size]), .. Chunk("ANIM", new byte[6]), .. Chunk("ANMF", frame), .. Chunk("ANMF", frame)];
        return Chunk("RIFF", content);
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        var length = new byte[sizeof(int)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. System.Text.Encoding.ASCII.GetBytes(name), .. length, .. content, .. new byte[content.Length % 2]];
    }

    private static byte[] Draw(int width, int height, IImageEncoder encoder, ExifProfile? exif = null)
    {
        using var picture = new Image<Rgba32>(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                picture[x, y] = x < width / 2 ? new Rgba32(255, 0, 0) : new Rgba32(0, 0, 255);
        }

        picture.Metadata.ExifProfile = exif;
        using var output = new MemoryStream();
        picture.Save(output, encoder);
        return output.ToArray();
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
