using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>
/// Tells a peer that it is not served, after it has begun to ask and before the connection ends: closing a socket with
/// unread input makes the kernel send a reset, which can overtake the words.
/// </summary>
internal static class Farewell
{
    /// <summary>Of what it goes on sending.</summary>
    private const int MaxBytes = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async ValueTask SayAsync(SocketTransport transport, ReadOnlyMemory<byte> words, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            var isSaid = false;
            for (long count = 0; count < MaxBytes;)
            {
                var result = await transport.Input.ReadAsync(limit.Token);
                count += result.Buffer.Length;
                transport.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
                if (isSaid)
                    continue;
                isSaid = true;
                await transport.SendAsync(words);
                transport.EndSending();
            }
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            // It went without listening, or has had its time.
        }
    }
}
