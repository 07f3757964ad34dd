using System.Runtime.InteropServices;

namespace Sailfish.Cli.Terminal;

/// <summary>Finds out that nobody reads the output any more, without having anything to write.</summary>
internal static class OutputWatch
{
    private const int Descriptor = 1;

    /// <summary>POLLERR of poll(2): of a pipe, that its reading end is closed.</summary>
    private const short PollError = 8;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Ends with an <see cref="IOException"/> when the reading end is closed; never where the output is no pipe.</summary>
    public static async Task RunAsync(CancellationToken cancellation)
    {
        while (OperatingSystem.IsWindows() || !IsClosed())
            await Task.Delay(Interval, cancellation);
        throw new IOException("nobody reads the output any more");
    }

    private static bool IsClosed()
    {
        var poll = new PollRequest { Descriptor = Descriptor };
        return Poll(ref poll, 1, 0) > 0 && (poll.Result & PollError) != 0;
    }

    [DllImport("libc", EntryPoint = "poll")]
    private static extern int Poll(ref PollRequest requests, nuint count, int timeoutMs);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Wanted;
        public short Result;
    }
}
