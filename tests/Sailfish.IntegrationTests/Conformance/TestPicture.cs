namespace Sailfish.IntegrationTests.Conformance;

/// <summary>Bytes that begin as those of pictures do: stores look at no more of them.</summary>
internal static class TestPicture
{
    /// <summary>One of so many bytes, told apart from others by a number.</summary>
    public static byte[] Png(byte number, int length = 1000) => Of([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], number, length);

    public static byte[] Jpeg(byte number, int length = 1000) => Of([0xFF, 0xD8, 0xFF], number, length);

    public static byte[] WebP(byte number, int length = 1000) => Of([.. "RIFF"u8, 1, 2, 3, 4, .. "WEBP"u8], number, length);

    private static byte[] Of(byte[] signature, byte number, int length)
    {
        var picture = new byte[length];
        Array.Fill(picture, number);
        signature.CopyTo(picture, 0);
        return picture;
    }
}
