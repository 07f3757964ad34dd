using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Pacing;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Media.Viewers;

/// <summary>
/// A viewer's own words on a WebSocket, of which there are few: pings and the close. Reads on until the peer ends; who says too
/// much is cut.
/// </summary>
internal static class WatchSocket
{
    /// <summary>Bytes that a viewer may say: some pings, for as long as it watches.</summary>
    private static readonly Rate Words = new(PerSecond: 1024, MostBytes);

    private const int MostBytes = 64 * 1024;

    /// <summary>Until the end of the peer, or of what it may say.</summary>
    public static async Task ReadAsync(Transport transport, Viewer viewer, TimeProvider time)
    {
        try
        {
            Pace pace = default;
            var isWithin = true;
            while (isWithin)
            {
                var read = await transport.Input.ReadAsync();
                var buffer = read.Buffer;
                var before = buffer.Length;
                var goesOn = TakeFrames(ref buffer, viewer);
                isWithin = pace.TryTake(Words, (int)Math.Min(MostBytes, before - buffer.Length), Moment.Of(time), out _);
                transport.Input.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted || !goesOn)
                    return;
            }

            viewer.End(ViewerEnd.Broken);
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException or InvalidOperationException)
        {
            // The peer is gone, or the connection has ended.
        }
    }

    /// <summary>False when the peer closes, or breaks the protocol.</summary>
    private static bool TakeFrames(ref ReadOnlySequence<byte> buffer, Viewer viewer)
    {
        while (true)
        {
            var status = WebSocketFrame.TryReadHeader(buffer, out var header);
            var isBroken = status == WebSocketFrame.HeaderStatus.ProtocolError;
            if (isBroken || header.PayloadLength > MostBytes)
            {
                viewer.End(isBroken ? ViewerEnd.Broken : ViewerEnd.TooBig);
                return false;
            }

            if (status == WebSocketFrame.HeaderStatus.NeedMore || buffer.Length < header.Size + header.PayloadLength)
                return true;
            var payload = buffer.Slice(header.Size, header.PayloadLength).ToArray();
            buffer = buffer.Slice(header.Size + header.PayloadLength);
            if (header.Opcode == WebSocketOpcode.Close)
            {
                // Answered by the same word that ends a stream.
                viewer.Leave();
                return false;
            }

            if (header.Opcode == WebSocketOpcode.Ping)
                viewer.Owe(Pong(payload, header.MaskKey));
        }
    }

    private static byte[] Pong(byte[] payload, uint key)
    {
        WebSocketFrame.Unmask(payload, key);
        return [0x80 | (byte)WebSocketOpcode.Pong, (byte)payload.Length, .. payload];
    }
}
