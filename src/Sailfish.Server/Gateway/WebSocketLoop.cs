using System.Buffers;
using System.IO.Pipelines;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>
/// Reads WebSocket frames from the raw pipe (RFC 6455): unmasks, joins fragments, answers control frames, and hands the
/// frames inside the messages on. Nothing is held for a connection between messages.
/// </summary>
internal sealed class WebSocketLoop(FrameHandler handler, FrameGate gate, IOptions<GatewayOptions> options)
{
    public const int MaxMessage = 64 * 1024;

    public async Task RunAsync(Connection connection)
    {
        using var message = new WebSocketMessage();
        while (!connection.IsClosing)
        {
            var read = connection.Input.ReadAsync();
            if (!read.IsCompleted)
                connection.BeginSilence();
            if (!await TakeAsync(connection, message, await read))
                return;
        }
    }

    /// <summary>Handles the whole frames of one read; false when it was the last.</summary>
    private async ValueTask<bool> TakeAsync(Connection connection, WebSocketMessage message, ReadResult result)
    {
        connection.EndSilence();
        var buffer = result.Buffer;
        if (result.IsCanceled)
        {
            connection.Input.AdvanceTo(buffer.Start);
            return false;
        }

        while (!connection.IsClosing && TryReadFrame(ref buffer, connection, message, out var header, out var payload))
        {
            var handled = HandleAsync(connection, message, header, payload);
            var isLetGo = !handled.IsCompleted && connection.TryLetGo(buffer);
            await handled;
            if (isLetGo)
                return !result.IsCompleted;
        }

        connection.Input.AdvanceTo(buffer.Start, buffer.End);
        return !result.IsCompleted;
    }

    /// <summary>Takes one whole WebSocket frame from the buffer. What breaks the protocol closes the connection.</summary>
    private static bool TryReadFrame(
        ref ReadOnlySequence<byte> buffer,
        Connection connection,
        WebSocketMessage message,
        out WebSocketFrameHeader header,
        out ReadOnlySequence<byte> payload)
    {
        payload = default;
        switch (WebSocketFrame.TryReadHeader(buffer, out header))
        {
            case WebSocketFrame.HeaderStatus.NeedMore:
                return false;
            case WebSocketFrame.HeaderStatus.ProtocolError:
                connection.Close(WebSocketCloseCode.ProtocolError);
                return false;
            default:
                break;
        }

        // Judged by the head alone: nothing is buffered for a frame that will be refused.
        if (!header.IsControl && (header.Opcode == WebSocketOpcode.Continuation) != message.IsUnderWay)
        {
            connection.Close(WebSocketCloseCode.ProtocolError);
            return false;
        }

        // Subtracted, because the length can be so large that a sum would wrap around.
        if (!header.IsControl && header.PayloadLength > MaxMessage - message.Length)
        {
            connection.CloseWithError(ErrorWords.BadFrame, "A WebSocket message holds at most 64 KiB.", WebSocketCloseCode.MessageTooBig);
            return false;
        }

        if (buffer.Length < header.Size + header.PayloadLength)
            return false;
        payload = buffer.Slice(header.Size, header.PayloadLength);
        buffer = buffer.Slice(payload.End);
        return true;
    }

    private ValueTask HandleAsync(Connection connection, WebSocketMessage message, WebSocketFrameHeader header, ReadOnlySequence<byte> payload)
    {
        if (header.IsControl)
            return AnswerControlAsync(connection, header, payload);
        message.Add(header, payload);
        return header.Fin ? TakeMessageAsync(connection, message) : PassFragmentAsync(connection, header.PayloadLength);
    }

    /// <summary>What brings no whole frame: by itself it costs little, and is not for nothing if it is not empty.</summary>
    private ValueTask PassFragmentAsync(Connection connection, long length) =>
        gate.PassAsync(connection, length > 0 ? FramePace.Fragment : FramePace.Frame);

    private ValueTask AnswerControlAsync(Connection connection, WebSocketFrameHeader header, ReadOnlySequence<byte> payload)
    {
        Span<byte> content = stackalloc byte[WebSocketFrame.MaxControlPayload];
        content = content[..(int)payload.Length];
        payload.CopyTo(content);
        WebSocketFrame.Unmask(content, header.MaskKey);
        if (header.Opcode == WebSocketOpcode.Ping)
        {
            var pong = new ArrayBufferWriter<byte>(content.Length + WebSocketFrame.MaxHeaderSize);
            WebSocketFrame.WriteControl(pong, WebSocketOpcode.Pong, content);
            connection.Outbox.Send(pong.WrittenSpan);
        }
        else if (header.Opcode == WebSocketOpcode.Close)
        {
            connection.Close(AnswerToClose(content));
        }

        return gate.PassAsync(connection, FramePace.Frame);
    }

    /// <summary>The same code back (RFC 6455, section 5.5.1), unless the close frame itself is wrong.</summary>
    private static ushort AnswerToClose(ReadOnlySpan<byte> content)
    {
        if (content.Length == 0)
            return WebSocketCloseCode.Normal;
        if (content.Length == 1)
            return WebSocketCloseCode.ProtocolError;
        var code = (content[0] << 8) | content[1];
        if (!WebSocketCloseCode.IsValid(code))
            return WebSocketCloseCode.ProtocolError;
        return Utf8.IsValid(content[2..]) ? (ushort)code : WebSocketCloseCode.InvalidPayload;
    }

    private async ValueTask TakeMessageAsync(Connection connection, WebSocketMessage message)
    {
        var isText = message.Opcode == WebSocketOpcode.Text;
        if (isText != (connection.Dialect != Dialect.WebSocketBinary))
        {
            connection.CloseWithError(ErrorWords.BadFrame, "This subprotocol speaks " + (isText ? "binary" : "text") + " messages.", WebSocketCloseCode.UnsupportedData);
            return;
        }

        if (isText)
            await TakeTextAsync(connection, message);
        else
            await TakeBinaryAsync(connection, message);
    }

    private async ValueTask TakeTextAsync(Connection connection, WebSocketMessage message)
    {
        if (!Utf8.IsValid(message.Bytes.Span))
        {
            connection.CloseWithError(ErrorWords.BadFrame, "The text is not UTF-8.", WebSocketCloseCode.InvalidPayload);
            return;
        }

        var status = connection.Dialect == Dialect.WebSocketJson
            ? JsonEnvelope.TryRead(message.Bytes, out var frame)
            : LegacyEnvelope.TryRead(message.Bytes, out frame);
        var handled = handler.HandleAsync(connection, status, frame);
        message.Reset();
        await handled;
    }

    /// <summary>Binary frames may be split and glued across messages: what is left stays for the next one.</summary>
    private async ValueTask TakeBinaryAsync(Connection connection, WebSocketMessage message)
    {
        var (stream, length, isFragment) = (message.JoinCarried(), message.Length, true);
        while (!connection.IsClosing)
        {
            var status = BinaryFrame.TryRead(ref stream, options.Value.MaxBodyBytes, out var frame);
            if (status == FrameReadStatus.NeedMore)
                break;
            isFragment = false;
            var handled = handler.HandleAsync(connection, status, frame);
            if (!handled.IsCompleted && stream.IsEmpty)
                message.Carry(stream);
            await handled;
        }

        message.Carry(stream);
        if (isFragment)
            await PassFragmentAsync(connection, length);
    }
}
