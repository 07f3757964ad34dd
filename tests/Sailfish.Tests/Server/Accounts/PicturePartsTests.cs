using System.Buffers.Binary;
using System.Text;
using Sailfish.Server.Accounts;

namespace Sailfish.Tests.Server.Accounts;

/// <summary>What the decoders of pictures get to see.</summary>
public sealed class PicturePartsTests
{
    private static readonly byte[] PngSignature = [0x89, .. "PNG\r\n\x1A\n"u8];

    [Fact]
    public void A_PNG_is_what_makes_its_pixels_and_the_rest_is_not_unpacked()
    {
        byte[] plain = [.. PngSignature, .. Chunk("IHDR"), .. Chunk("PLTE"), .. Chunk("tRNS"), .. Chunk("eXIf"), .. Chunk("IDAT"), .. Chunk("IDAT"), .. Chunk("IEND")];
        byte[] full =
        [
            .. PngSignature, .. Chunk("IHDR"), .. Chunk("iCCP"), .. Chunk("PLTE"), .. Chunk("tRNS"), .. Chunk("zTXt"), .. Chunk("eXIf"), .. Chunk("iTXt"),
            .. Chunk("IDAT"), .. Chunk("IDAT"), .. Chunk("tEXt"), .. Chunk("acTL"), .. Chunk("fdAT"), .. Chunk("IEND"), .. "<html>"u8,
        ];
        Assert.Equal(plain, PictureParts.OfPixels(full));
    }

    [Theory]
    [InlineData(0xFFFFFFFF)]
    [InlineData(0x80000000)]
    [InlineData(1000)]
    [InlineData(5)]
    public void A_chunk_that_is_longer_than_the_file_ends_it(uint length)
    {
        byte[] whole = [.. PngSignature, .. Chunk("IHDR")];
        var broken = Chunk("IDAT");
        BinaryPrimitives.WriteUInt32BigEndian(broken, length);
        Assert.Equal(whole, PictureParts.OfPixels([.. whole, .. broken]));
        Assert.Equal(PngSignature, PictureParts.OfPixels([.. PngSignature, 0, 0]));
    }

    [Fact]
    public void A_JPEG_of_more_scans_than_anybody_needs_is_none()
    {
        Assert.NotNull(PictureParts.OfPixels(Jpeg(scans: 100)));
        Assert.Null(PictureParts.OfPixels(Jpeg(scans: 101)));
    }

    [Fact]
    public void Other_files_are_left_to_the_decoders()
    {
        foreach (var file in new[] { "", "RIFF\0\0\0\0WEBP", "GIF89a", "<svg/>" })
            Assert.Equal(Encoding.Latin1.GetBytes(file), PictureParts.OfPixels(Encoding.Latin1.GetBytes(file)));
    }

    /// <summary>Of four bytes; nobody looks at the checksum here.</summary>
    private static byte[] Chunk(string type) => [0, 0, 0, 4, .. Encoding.ASCII.GetBytes(type), 1, 2, 3, 4, 0, 0, 0, 0];

    private static byte[] Jpeg(int scans) => [0xFF, 0xD8, .. Enumerable.Repeat<byte[]>([0xFF, 0xDA, 0, 2, 7], scans).SelectMany(scan => scan), 0xFF, 0xD9];
}
