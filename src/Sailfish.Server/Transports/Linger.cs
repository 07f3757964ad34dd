using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Sailfish.Server.Transports;

/// <summary>
/// Reads on and throws away for a moment after the last words were sent: closing a socket that has unread input makes the kernel
/// send a reset, which can overtake those words.
/// </summary>
/// <param name="limit">In all.</param>
/// <param name="silence">After it, all that was under way has arrived; at most as long as all.</param>
/// <param name="mostBytes">What a peer may have had under way; who sends more than that does not listen.</param>
internal sealed class Linger(TimeSpan limit, TimeSpan silence, long mostBytes)
{
    /// <summary>False when the peer has sent too much.</summary>
    public async Task<bool> TryDrainAsync(PipeReader input, TimeProvider time)
    {
        var since = time.GetTimestamp();
        try
        {
            for (var left = mostBytes; left > 0;)
            {
                var rest = limit - time.GetElapsedTime(since);
                if (rest <= TimeSpan.Zero)
                    return true;
                using var wait = new CancellationTokenSource(rest < silence ? rest : silence, time);
                var read = await input.ReadAsync(wait.Token);
                left -= read.Buffer.Length;
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return true;
            }

            return false;
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ConnectionAbortedException or InvalidOperationException)
        {
            // Silence, or the peer is gone: both are what was waited for.
            return true;
        }
    }
}
