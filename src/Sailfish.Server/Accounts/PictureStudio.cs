using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Draws uploaded pictures anew: what is served are pixels of ours, in the format that came, without what else the file
/// held, such as where a photo was taken, or another file behind the picture. One at a time, as a large one takes much
/// memory for a moment.
/// </summary>
internal sealed class PictureStudio : IDisposable
{
    /// <summary>Of what is kept, in pixels; larger ones are made smaller.</summary>
    public const int MaxSide = 512;

    /// <summary>Of what is taken. The head of a file of some bytes can promise any size.</summary>
    public const int MaxUploadedSide = 4096;

    /// <summary>A photo of twelve megapixels; four bytes each while it is drawn.</summary>
    public const int MaxUploadedPixels = 13_000_000;

    /// <summary>About as long as those who wait take.</summary>
    public static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(5);

    private const int MaxPoolMegabytes = 8;

    /// <summary>How many may wait for their turn; each keeps its upload of up to a megabyte.</summary>
    private const int MaxWaiting = 16;

    private static readonly MemoryAllocator Memory = MemoryAllocator.Create(new MemoryAllocatorOptions { MaximumPoolSizeMegabytes = MaxPoolMegabytes });

    private static readonly SixLabors.ImageSharp.Configuration Formats = FormatsOf(new PngConfigurationModule(), new JpegConfigurationModule(), new WebpConfigurationModule());

    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    /// <summary>The picture drawn anew; null when it is none, or too large. Whether there was no time for it is told apart.</summary>
    public Task<(byte[]? Picture, bool IsBusy)> RedrawAsync(byte[] upload, CancellationToken cancellationToken) =>
        InTurnAsync(() => Redraw(upload), cancellationToken);

    /// <summary>The same for a room's cover (<see cref="CoverDrawing"/>).</summary>
    public Task<(byte[]? Picture, bool IsBusy)> DrawCoverAsync(byte[] upload, CancellationToken cancellationToken) =>
        InTurnAsync(() => OrNothing(() => CoverDrawing.Draw(upload)), cancellationToken);

    public void Dispose() => _turn.Dispose();

    /// <summary>What reads these formats, with memory that is bounded.</summary>
    internal static SixLabors.ImageSharp.Configuration FormatsOf(params IConfigurationModule[] formats) => new(formats) { MemoryAllocator = Memory, MaxDegreeOfParallelism = 1 };

    internal static byte[]? Redraw(byte[] upload) => OrNothing(() => RedrawPixels(upload));

    /// <summary>Upright, in one frame, of at most so many pixels a side, and without anything beside the pixels.</summary>
    internal static void KeepPixels(Image<Rgba32> picture, int maxSide)
    {
        while (picture.Frames.Count > 1)
            picture.Frames.RemoveFrame(picture.Frames.Count - 1);
        picture.Mutate(image => image.AutoOrient());
        if (picture.Width > maxSide || picture.Height > maxSide)
            picture.Mutate(image => image.Resize(new ResizeOptions { Mode = ResizeMode.Max, Size = new Size(maxSide, maxSide) }));
        var metadata = picture.Metadata;
        (metadata.ExifProfile, metadata.IccProfile, metadata.IptcProfile, metadata.XmpProfile) = (null, null, null, null);
        picture.Frames.RootFrame.Metadata.ExifProfile = null;
        picture.Frames.RootFrame.Metadata.XmpProfile = null;
        metadata.GetPngMetadata().TextData.Clear();
    }

    private async Task<(byte[]? Picture, bool IsBusy)> InTurnAsync(Func<byte[]?> draw, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return (null, true);
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                return (await Task.Run(draw, CancellationToken.None), false);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static byte[]? RedrawPixels(byte[] upload)
    {
        if (PictureParts.OfPixels(upload) is not { } pixels)
            return null;
        if (Image.Identify(Formats, pixels, out var format) is not { } head || !IsBounded(head))
            return null;
        using var picture = Image.Load<Rgba32>(Formats, pixels);
        KeepPixels(picture, MaxSide);
        using var output = new MemoryStream();
        picture.Save(output, EncoderOf(format));
        return output.ToArray();
    }

    private static byte[]? OrNothing(Func<byte[]?> draw)
    {
        try
        {
            return draw();
        }
#pragma warning disable CA1031 // a decoder of strangers' bytes throws whatever it likes
        catch (Exception broken) when (broken is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static bool IsBounded(IImageInfo head) =>
        head is { Width: > 0 and <= MaxUploadedSide, Height: > 0 and <= MaxUploadedSide } && head.Width * head.Height <= MaxUploadedPixels;

    private static IImageEncoder EncoderOf(IImageFormat format) => format switch
    {
        PngFormat => new PngEncoder { IgnoreMetadata = true },
        JpegFormat => new JpegEncoder { Quality = 85 },
        _ => new WebpEncoder { Quality = 85 },
    };
}
