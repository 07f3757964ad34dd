using Sailfish.Server.Accounts;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace Sailfish.Tests.Server.Accounts;

/// <summary>What becomes of the worst that a cover may be.</summary>
public sealed class CoverDrawingTests
{
    [Fact]
    public void Noise_that_takes_most_bytes_becomes_a_cover_within_the_bound()
    {
        byte[] upload = [];
        // The best one of this size that is taken.
        for (var quality = 1; Noise(960, 960, new JpegEncoder { Quality = quality }) is { Length: <= CoverDrawing.MaxBytes } better; quality++)
            upload = better;
        Assert.InRange(upload.Length, CoverDrawing.MaxBytes / 2, CoverDrawing.MaxBytes);
        foreach (var picture in new[] { upload, Noise(460, 460, new JpegEncoder { Quality = 75 }) })
            Assert.InRange(CoverDrawing.Draw(picture)!.Length, 1, CoverDrawing.MaxBytes);
    }

    [Fact]
    public void What_can_be_seen_through_is_black()
    {
        using var clear = new Image<Rgba32>(8, 8, new Rgba32(255, 0, 0, 0));
        using var upload = new MemoryStream();
        clear.Save(upload, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless, TransparentColorMode = WebpTransparentColorMode.Preserve });
        using var drawn = Image.Load<Rgba32>(CoverDrawing.Draw(upload.ToArray()));
        Assert.InRange(drawn[4, 4].R, 0, 20);
    }

    [Fact]
    public void A_picture_is_whole_with_its_end_also_where_a_smaller_one_within_it_has_one()
    {
        byte[] small = [0xFF, 0xD8, 0xFF, 0xDA, 1, 0xFF, 0xD9];
        Assert.True(PictureParts.IsWhole(small));
        Assert.False(PictureParts.IsWhole([0xFF, 0xD8, 0xFF, 0xE1, .. small, 0xFF, 0xDA, 1, 2, 3]));
        Assert.True(PictureParts.IsWhole([0xFF, 0xD8, 0xFF, 0xE1, .. small, 0xFF, 0xDA, 1, 2, 3, 0xFF, 0xD9, .. "behind"u8]));
        Assert.True(PictureParts.IsWhole([.. "RIFF"u8, 4, 0, 0, 0, .. "WEBP"u8]));
        Assert.False(PictureParts.IsWhole([.. "RIFF"u8, 5, 0, 0, 0, .. "WEBP"u8]));
        Assert.False(PictureParts.IsWhole([.. "RIFF"u8, 255, 255, 255, 255, .. "WEBP"u8]));
        Assert.False(PictureParts.IsWhole("RIFF"u8));
        Assert.False(PictureParts.IsWhole([]));
    }

    private static byte[] Noise(int width, int height, JpegEncoder encoder)
    {
        var random = new Random(1);
        using var picture = new Image<Rgba32>(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                picture[x, y] = new Rgba32((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
        }

        using var output = new MemoryStream();
        picture.Save(output, encoder);
        return output.ToArray();
    }
}
