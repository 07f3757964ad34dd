using System.Diagnostics;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>ffmpeg, which sends a moving picture and a tone to an anchor's room over RTMP, as OBS does.</summary>
internal sealed class PicturePublisher : IDisposable
{
    private const string Program = "ffmpeg";
    private readonly Process _process;

    private PicturePublisher(Process process) => _process = process;

    /// <summary>Sends with the key that the page shows to the anchor.</summary>
    public static async Task<PicturePublisher> StartAsync(PageClient anchor, long room)
    {
        var stream = await anchor.OkAsync("/living/stream", ("roomId", room));
        return Start($"{stream.Text("server")}/{stream.Text("key")}");
    }

    /// <summary>It was unplugged: the server is told nothing.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit(Wait.Limit);
    }

    /// <summary>Ends as a program does that is told to stop: it says so to the server.</summary>
    public async Task StopAsync()
    {
        await _process.StandardInput.WriteAsync('q');
        await _process.StandardInput.FlushAsync();
        await _process.WaitForExitAsync().WaitAsync(Wait.Limit);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static PicturePublisher Start(string url)
    {
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "error", "-re",
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=sample_rate=44100",
            "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "50",
            "-c:a", "aac", "-f", "flv", url,
        ];
        return new PicturePublisher(Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true })!);
    }
}
