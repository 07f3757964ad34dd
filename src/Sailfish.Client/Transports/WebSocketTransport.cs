using System.Buffers;
using System.Net.WebSockets;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Transports;

/// <summary>Frames over a WebSocket: JSON text, or binary frames of which a message may hold several.</summary>
internal sealed class WebSocketTransport : ITransport
{
    private const int ReadSize = 8 * 1024;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);
    private readonly ClientWebSocket _socket;
    private readonly bool _binary;
    private readonly TimeProvider _time;
    private readonly Queue<InboundFrame> _frames = [];
    private readonly ArrayBufferWriter<byte> _input = new(ReadSize);
    private readonly ArrayBufferWriter<byte> _output = new();

    private WebSocketTransport(ClientWebSocket socket, bool binary, TimeProvider time)
    {
        _socket = socket;
        _binary = binary;
        _time = time;
    }

    public static async Task<WebSocketTransport> ConnectAsync(SailfishClientOptions options, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(options.WebSocketBinary ? "sailfish.binary" : "sailfish.json");
            // The protocol's own heartbeat keeps the connection alive and finds out when it is not.
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            if (options.CertificateValidation is { } validation)
                socket.Options.RemoteCertificateValidationCallback = validation;
            await socket.ConnectAsync(Complete(options.Endpoint), cancellation);
            return new WebSocketTransport(socket, options.WebSocketBinary, options.TimeProvider);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<InboundFrame?> ReadAsync(CancellationToken cancellation)
    {
        InboundFrame frame;
        while (!_frames.TryDequeue(out frame))
        {
            if (!await ReceiveAsync(cancellation))
                return null;
        }

        return frame;
    }

    public async ValueTask WriteAsync(IReadOnlyList<OutboundFrame> frames, CancellationToken cancellation)
    {
        foreach (var frame in frames)
        {
            _output.ResetWrittenCount();
            if (_binary)
                BinaryFrame.Write(_output, frame.Code, frame.Body.Span);
            else
                JsonEnvelope.Write(_output, frame.Code, frame.Body.Span);
            var type = _binary ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
            await _socket.SendAsync(_output.WrittenMemory, type, endOfMessage: true, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(CloseTimeout, _time);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || ConnectionFaults.Contains(e))
        {
            // The peer is gone; there is nobody to say goodbye to.
        }

        _socket.Dispose();
    }

    /// <summary>Receives one message and queues its frames; false once the server closed.</summary>
    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellation)
    {
        _input.ResetWrittenCount();
        ValueWebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(_input.GetMemory(ReadSize), cancellation);
            if (result.MessageType == WebSocketMessageType.Close)
                return false;
            _input.Advance(result.Count);
            if (_input.WrittenCount > Transport.MaxInboundBody)
                throw Transport.BadPeer(FrameReadStatus.BadLength);
        }
        while (!result.EndOfMessage);

        if (_binary)
            QueueBinary(new ReadOnlySequence<byte>(_input.WrittenMemory));
        else
            QueueJson(_input.WrittenMemory);
        return true;
    }

    private void QueueJson(ReadOnlyMemory<byte> message)
    {
        var status = JsonEnvelope.TryRead(message, out var frame);
        if (status != FrameReadStatus.Frame)
            throw Transport.BadPeer(status);
        _frames.Enqueue(new InboundFrame(frame.Code, frame.Body.ToArray()));
    }

    private void QueueBinary(ReadOnlySequence<byte> message)
    {
        while (!message.IsEmpty)
        {
            var status = BinaryFrame.TryRead(ref message, Transport.MaxInboundBody, out var frame);
            if (status != FrameReadStatus.Frame)
                throw Transport.BadPeer(status);
            _frames.Enqueue(new InboundFrame(frame.Code, frame.Body.ToArray()));
        }
    }

    private static Uri Complete(Uri endpoint)
    {
        var builder = new UriBuilder(endpoint);
        if (builder.Path is "" or "/")
            builder.Path = "/ws";
        return builder.Uri;
    }
}
