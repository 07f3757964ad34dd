using System.Diagnostics;

namespace Sailfish.Cli.Local;

/// <summary>Programs that end by themselves.</summary>
internal static class Tool
{
    /// <summary>Gives what it said; fails with what it said when it fails.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellation, string input = "")
    {
        var (exitCode, output, error) = await TryAsync(start, cancellation, input);
        return exitCode == 0 ? output : throw new CliException($"{Path.GetFileName(start.FileName)} failed: {(error.Length > 0 ? error : output).Trim()}");
    }

    public static async Task<(int ExitCode, string Output, string Error)> TryAsync(ProcessStartInfo start, CancellationToken cancellation, string input = "")
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            // A terminal tells it, too, and it failed for that.
            cancellation.ThrowIfCancellationRequested();
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }
}
