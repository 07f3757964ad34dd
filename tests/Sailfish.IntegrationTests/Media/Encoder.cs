using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Media;

/// <summary>What a test's encoder sends.</summary>
/// <param name="Video">ffmpeg's arguments for the picture; null for none.</param>
/// <param name="Audio">For the sound; null for none.</param>
internal sealed record Programme(string? Video = Programme.Picture, string? Audio = Programme.Sound)
{
    /// <summary>A keyframe each second, so that no test waits long for one.</summary>
    public const string Picture = "-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 25 -b:v 300k";
    public const string Sound = "-c:a aac -ar 44100 -ac 2 -b:a 64k";

    public string Size { get; init; } = "320x180";

    /// <summary>Where the picture comes from, at its own pace; null for one that ffmpeg draws, moving and with a counter.</summary>
    public string? Source { get; init; }

    /// <summary>Of the output, such as times that begin late.</summary>
    public string More { get; init; } = "";
}

/// <summary>A real ffmpeg that publishes until it is stopped, or writes a file of FLV.</summary>
internal sealed class Encoder : IAsyncDisposable
{
    private const int Interrupt = 2;
    private readonly Process _process;
    private readonly Task<string> _error;

    private Encoder(Process process) => (_process, _error) = (process, process.StandardError.ReadToEndAsync());

    public bool HasExited => _process.HasExited;

    /// <summary>What it reads where its source is <c>pipe:0</c>.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public static string Address(ServerProcess server, string key) => string.Create(CultureInfo.InvariantCulture, $"rtmp://127.0.0.1:{server.RtmpPort}/live/{key}");

    /// <summary>Publishes in real time.</summary>
    public static Encoder Start(string address, Programme? programme = null) => new(Process.Start(Of(programme ?? new(), address, "-re "))!);

    /// <summary>So many seconds as FLV, as fast as it can.</summary>
    public static async Task<byte[]> FileAsync(double seconds, Programme? programme = null)
    {
        using var folder = new TemporaryDirectory();
        var path = Path.Combine(folder.Path, "a.flv");
        var made = programme ?? new();
        var start = Of(made with { More = string.Create(CultureInfo.InvariantCulture, $"{made.More} -t {seconds}") }, path, "");
        var (exitCode, _, error) = await ProcessRun.RunAsync(start, TimeSpan.FromSeconds(60));
        Assert.True(exitCode == 0, error);
        return await File.ReadAllBytesAsync(path);
    }

    /// <summary>In good order: it says that it stops.</summary>
    public async Task StopAsync()
    {
        _ = Kill(_process.Id, Interrupt);
        await _process.WaitForExitAsync().WaitAsync(Wait.Limit);
    }

    /// <summary>With no word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Wait.Limit);
    }

    /// <summary>Waits until it ends by itself; what it said.</summary>
    public async Task<string> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Wait.Limit);
        return await _error;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        await _error;
        _process.Dispose();
    }

    private static ProcessStartInfo Of(Programme programme, string output, string pace)
    {
        List<string> words = ["-hide_banner", "-loglevel", "error", "-y"];
        if (programme.Video is not null)
            words.AddRange((programme.Source ?? $"{pace}-f lavfi -i testsrc2=size={programme.Size}:rate=25").Split(' '));
        if (programme.Audio is not null)
            words.AddRange($"{pace}-f lavfi -i sine=frequency=440:sample_rate=44100".Split(' '));
        words.AddRange($"{programme.Video} {programme.Audio} {programme.More} -flush_packets 1 -f flv".Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new ProcessStartInfo("ffmpeg", [.. words, output]) { RedirectStandardError = true, RedirectStandardInput = true };
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
