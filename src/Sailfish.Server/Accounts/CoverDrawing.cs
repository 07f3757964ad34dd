using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Sailfish.Server.Accounts;

/// <summary>Draws the cover of a room: a JPEG, whatever came.</summary>
internal static class CoverDrawing
{
    /// <summary>Of what is taken, and of what is made of it.</summary>
    public const int MaxBytes = 200 * 1024;

    /// <summary>Of what is taken, in pixels; looked at before anything is decoded.</summary>
    public const int MaxUploadedSide = 1920;

    private static readonly SixLabors.ImageSharp.Configuration Formats = PictureStudio.FormatsOf(new JpegConfigurationModule(), new WebpConfigurationModule());

    /// <summary>In pixels and in the encoder's percent. Even noise of the second is within <see cref="MaxBytes"/>.</summary>
    private static readonly (int Side, int Quality)[] Sizes = [(960, 80), (480, 60)];

    /// <summary>Null when it is no JPEG or WebP, breaks off, or is too large. What a decoder throws comes through.</summary>
    public static byte[]? Draw(byte[] upload)
    {
        if (upload.Length > MaxBytes || PictureParts.OfPixels(upload) is not { } pixels || !PictureParts.IsWhole(pixels))
            return null;
        if (Image.Identify(Formats, pixels, out _) is not { Width: > 0 and <= MaxUploadedSide, Height: > 0 and <= MaxUploadedSide })
            return null;
        using var picture = Image.Load<Rgba32>(Formats, pixels);
        // A JPEG has no holes to look through.
        picture.Mutate(image => image.BackgroundColor(Color.Black));
        foreach (var (side, quality) in Sizes)
        {
            PictureStudio.KeepPixels(picture, side);
            using var output = new MemoryStream();
            picture.Save(output, new JpegEncoder { Quality = quality });
            if (output.Length <= MaxBytes)
                return output.ToArray();
        }

        return null;
    }
}
