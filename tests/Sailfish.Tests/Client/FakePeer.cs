using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Tests.Client;

/// <summary>The server's side of one connection.</summary>
internal sealed class FakePeer : IAsyncDisposable
{
    private readonly TcpClient _connection;
    private readonly FakeDialect _dialect;
    private readonly Stream _stream;
    private readonly WebSocket? _webSocket;
    private readonly Channel<FakeFrame> _frames = Channel.CreateUnbounded<FakeFrame>();
    private readonly SemaphoreSlim _writing = new(1, 1);

    private FakePeer(TcpClient connection, FakeDialect dialect, WebSocket? webSocket)
    {
        _connection = connection;
        _dialect = dialect;
        _stream = connection.GetStream();
        _webSocket = webSocket;
        _ = Task.Run(ReadAllAsync);
    }

    public static async Task<FakePeer> OpenAsync(TcpClient connection, FakeDialect dialect)
    {
        if (dialect == FakeDialect.Tcp)
            return new FakePeer(connection, dialect, null);
        var protocol = dialect == FakeDialect.WebSocketJson ? "sailfish.json" : "sailfish.binary";
        var stream = connection.GetStream();
        var request = await ReadHeadAsync(stream);
        Assert.Equal("/ws", request.Target);
        Assert.Equal([protocol], request.Protocols);
        var accept = new ArrayBufferWriter<byte>();
        WebSocketHandshake.WriteAccept(accept, request.Key!, protocol);
        await stream.WriteAsync(accept.WrittenMemory);
        var options = new WebSocketCreationOptions { IsServer = true, SubProtocol = protocol };
        return new FakePeer(connection, dialect, WebSocket.CreateFromStream(stream, options));
    }

    /// <summary>The next frame of one of the codes; what comes before it is thrown away.</summary>
    public async Task<FakeFrame> NextAsync(params FrameCode[] codes)
    {
        using var bound = new CancellationTokenSource(FakeServer.Patience);
        while (true)
        {
            var frame = await _frames.Reader.ReadAsync(bound.Token);
            if (codes.Contains(frame.Code))
                return frame;
        }
    }

    /// <summary>The next frame of the code; null when cancelled before it.</summary>
    public async Task<FakeFrame?> TryNextAsync(FrameCode code, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var frame = await _frames.Reader.ReadAsync(cancellation);
                if (frame.Code == code)
                    return frame;
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<List<FakeFrame>> ReadToEndAsync()
    {
        using var bound = new CancellationTokenSource(FakeServer.Patience);
        return await _frames.Reader.ReadAllAsync(bound.Token).ToListAsync(bound.Token);
    }

    public async Task SendAsync(FrameCode code, object body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType());
        var output = new ArrayBufferWriter<byte>();
        if (_dialect == FakeDialect.WebSocketJson)
            JsonEnvelope.Write(output, code, bytes);
        else
            BinaryFrame.Write(output, code, bytes);
        await WriteAsync(output.WrittenMemory);
    }

    /// <summary>Bytes as they are, cut at will.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _writing.WaitAsync(FakeServer.Patience);
        try
        {
            var type = _dialect == FakeDialect.WebSocketJson ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
            if (_webSocket is not null)
                await _webSocket.SendAsync(bytes, type, true, CancellationToken.None);
            else
                await _stream.WriteAsync(bytes);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<FakeFrame> AnswerLoginAsync(int heartbeatSeconds = 30)
    {
        var login = await NextAsync(FrameCode.Login);
        await SendAsync(FrameCode.Login, new { appId = FakeServer.AppId, userId = FakeServer.UserId, data = "true", connectionId = "c1", heartbeatSeconds });
        return login;
    }

    /// <summary>Answers the next SYNC.</summary>
    public async Task<FakeFrame> AnswerSyncAsync(IEnumerable<object> messages, bool more = false, object? firstSeq = null)
    {
        var sync = await NextAsync(FrameCode.Sync);
        await SendAsync(FrameCode.Sync, new { messages = messages.ToArray(), more, truncated = firstSeq is not null, firstSeq });
        return sync;
    }

    public async Task<FakeFrame> AnswerJoinAsync(long roomId, long seq, int viewers = 1)
    {
        var join = await NextAsync(FrameCode.Join);
        await SendAsync(FrameCode.Join, new { roomId, conversation = $"r:{roomId}", seq, viewers });
        return join;
    }

    /// <summary>Answers the next MESSAGE with a RECEIPT.</summary>
    public async Task<FakeFrame> AnswerMessageAsync(string conversation, long seq)
    {
        var message = await NextAsync(FrameCode.Message);
        await SendReceiptAsync(message.Text("clientMsgId")!, conversation, seq);
        return message;
    }

    public Task SendReceiptAsync(string clientMsgId, string conversation, long seq) =>
        SendAsync(FrameCode.Receipt, new { clientMsgId, msgId = $"{conversation}#{seq}", conversation, seq, time = 1_700_000_000_000 });

    public Task PushAsync(string conversation, long seq, long from = 10002) =>
        SendAsync(FrameCode.Message, Message(conversation, seq, from));

    /// <summary>A MESSAGE body as the server writes it.</summary>
    public static object Message(string conversation, long seq, long from = 10002)
    {
        object data = conversation.StartsWith("r:", StringComparison.Ordinal)
            ? new { content = $"m{seq}", userId = from, roomId = long.Parse(conversation[2..], null), senderName = "Ann" }
            : new { content = $"m{seq}", userId = from, senderId = from, objectId = 10001, senderName = "Ann" };
        return new
        {
            userId = FakeServer.UserId,
            appId = FakeServer.AppId,
            bizCode = 5555,
            msgId = $"{conversation}#{seq}",
            conversation,
            seq,
            time = 1_700_000_000_000,
            data = JsonSerializer.Serialize(data),
        };
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Cut() => _connection.Close();

    public ValueTask DisposeAsync()
    {
        _webSocket?.Dispose();
        _connection.Dispose();
        _writing.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadAllAsync()
    {
        try
        {
            await (_webSocket is null ? ReadTcpAsync() : ReadWebSocketAsync());
        }
        catch (Exception e) when (e is IOException or WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test cut the connection, or the client did.
        }

        _frames.Writer.TryComplete();
    }

    private async Task ReadTcpAsync()
    {
        var reader = PipeReader.Create(_stream);
        while (true)
        {
            var result = await reader.ReadAsync();
            var buffer = result.Buffer;
            TakeAll(ref buffer);
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    private async Task ReadWebSocketAsync()
    {
        var bytes = new byte[1 << 20];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = await _webSocket!.ReceiveAsync(bytes.AsMemory(length), CancellationToken.None);
                length += result.Count;
            }
            while (!result.EndOfMessage);
            if (result.MessageType == WebSocketMessageType.Close)
                return;
            TakeMessage(bytes.AsMemory(0, length));
        }
    }

    private void TakeMessage(ReadOnlyMemory<byte> message)
    {
        if (_dialect == FakeDialect.WebSocketBinary)
        {
            var sequence = new ReadOnlySequence<byte>(message);
            TakeAll(ref sequence);
            return;
        }

        Assert.Equal(FrameReadStatus.Frame, JsonEnvelope.TryRead(message, out var frame));
        Take(frame);
    }

    private void TakeAll(ref ReadOnlySequence<byte> buffer)
    {
        while (BinaryFrame.TryRead(ref buffer, BinaryFrame.DefaultMaxBody, out var frame) == FrameReadStatus.Frame)
            Take(frame);
    }

    private void Take(Frame frame)
    {
        _frames.Writer.TryWrite(new FakeFrame(frame.Code, JsonDocument.Parse(frame.Body.ToArray()).RootElement));
        if (frame.Code == FrameCode.Logout)
            _ = SendAsync(FrameCode.Logout, new { data = "true" });
    }

    private static async Task<WebSocketRequest> ReadHeadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!WebSocketHandshake.TryFindHead(new ReadOnlySequence<byte>([.. head]), out _))
        {
            Assert.Equal(1, await stream.ReadAsync(one));
            head.Add(one[0]);
        }

        return WebSocketHandshake.Parse(new ReadOnlySequence<byte>([.. head]))!;
    }
}
