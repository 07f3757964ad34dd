using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Media.Publishing;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Media.Viewers;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>Connections that carry pictures, from their opening to their end.</summary>
internal sealed class LiveGateway(RtmpServer rtmp, ViewerDesk desk, StreamTable streams, TimeProvider time)
{
    /// <summary>Does nothing where it is neither a publisher nor a viewer.</summary>
    public Task RunAsync(Transport transport, Opening opening) => opening.Kind switch
    {
        OpeningKind.Publisher => rtmp.RunAsync(transport),
        OpeningKind.Viewer => WatchAsync(transport, opening.View),
        _ => Task.CompletedTask,
    };

    /// <summary>The server stops: all are told.</summary>
    public void Stop()
    {
        foreach (var stream in streams.All())
        {
            stream.Viewers.EndAll(ViewerEnd.Draining);
            stream.Publication?.Cut(CutReason.Draining);
        }

        rtmp.Stop();
    }

    /// <summary>On a WebSocket that was opened. Browsers see no status of a refused upgrade: a refusal is a close code.</summary>
    private async Task WatchAsync(Transport transport, ViewRequest request)
    {
        var answer = await desk.AskAsync(request, transport.RemoteEndPoint, CancellationToken.None);
        if (answer.Refusal != ViewRefusal.None)
        {
            await RefuseAsync(transport, answer.End);
            return;
        }

        await desk.ServeAsync(answer, transport, isWebSocket: true, viewer => WatchSocket.ReadAsync(transport, viewer, time));
    }

    private static async Task RefuseAsync(Transport transport, ViewerEnd end)
    {
        var close = new ArrayBufferWriter<byte>();
        WebSocketFrame.WriteClose(close, (ushort)end);
        try
        {
            await transport.SendAsync(close.WrittenMemory);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or ConnectionAbortedException)
        {
            // It did not wait for the answer.
        }
    }
}
