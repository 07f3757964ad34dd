using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Media;

/// <summary>A picture of the time it is, which whoever sees it can compare with the time it is then: black and white fields, one a bit.</summary>
internal sealed class ClockPicture : IAsyncDisposable
{
    private const int Width = 320;
    private const int Height = 180;
    private const int Columns = 16;

    /// <summary>Of a time in ms since 1970, the highest first.</summary>
    private const int Bits = 48;
    private const int Rows = Bits / Columns;

    /// <summary>How late each of the next pictures of a video is shown, in ms.</summary>
    private const string Lateness = """
        (video, [count, width, height, columns, bits]) => new Promise((resolve) => {
          const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', { willReadFrequently: true });
          const [across, down] = [width / columns, height / (bits / columns)];
          const found = [];
          const look = () => {
            context.drawImage(video, 0, 0, width, height);
            const { data } = context.getImageData(0, 0, width, height);
            let time = 0;
            for (let bit = 0; bit < bits; bit++) {
              const x = (bit % columns + 0.5) * across, y = (Math.floor(bit / columns) + 0.5) * down;
              time = time * 2 + (data[(Math.floor(y) * width + Math.floor(x)) * 4] > 127 ? 1 : 0);
            }
            found.push(Date.now() - time);
            if (found.length < count) video.requestVideoFrameCallback(look);
            else resolve(found);
          };
          video.requestVideoFrameCallback(look);
        })
        """;

    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(40);

    private readonly Encoder _encoder;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _drawing;

    private ClockPicture(Encoder encoder) => (_encoder, _drawing) = (encoder, DrawAsync(encoder.Input));

    /// <summary>Publishes it, 25 times a second.</summary>
    public static async Task<ClockPicture> StartAsync(PageClient anchor, long room) => new(Encoder.Start(
        Encoder.Address(anchor.Server, await anchor.KeyAsync(room)),
        new Programme(Audio: null) { Source = $"-use_wallclock_as_timestamps 1 -f rawvideo -pix_fmt gray -s {Width}x{Height} -r 25 -i pipe:0" }));

    /// <summary>From the drawing of a picture until it is shown, of so many that follow, in ms.</summary>
    public static Task<double[]> LatenessAsync(ILocator video, int count) =>
        video.EvaluateAsync<double[]>(Lateness, new[] { count, Width, Height, Columns, Bits });

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _drawing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _encoder.DisposeAsync();
        _end.Dispose();
    }

    private async Task DrawAsync(Stream output)
    {
        using var timer = new PeriodicTimer(FrameTime);
        while (await timer.WaitForNextTickAsync(_end.Token))
        {
            await output.WriteAsync(Draw(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), _end.Token);
            await output.FlushAsync(_end.Token);
        }
    }

    private static byte[] Draw(long time)
    {
        var picture = new byte[Width * Height];
        for (var bit = 0; bit < Bits; bit++)
        {
            if ((time >> (Bits - 1 - bit) & 1) == 0)
                continue;
            var (left, top) = (bit % Columns * (Width / Columns), bit / Columns * (Height / Rows));
            for (var y = top; y < top + (Height / Rows); y++)
                picture.AsSpan((y * Width) + left, Width / Columns).Fill(byte.MaxValue);
        }

        return picture;
    }
}
