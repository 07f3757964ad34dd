using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>Bytes to and from a port, with or without TLS: for tests that say exactly what goes over the wire.</summary>
public sealed class RawSocket : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    private RawSocket(Socket socket, Stream stream)
    {
        Socket = socket;
        _stream = stream;
    }

    public Socket Socket { get; }

    /// <param name="port">On this machine.</param>
    /// <param name="receiveBuffer">What the kernel may hold for us: small makes a slow reader.</param>
    /// <param name="tls">Whether to speak TLS; any certificate is taken.</param>
    /// <param name="segment">Bytes of a packet, as outside of one machine; else the server's kernel holds megabytes for us.</param>
    /// <param name="from">The address to come from, one of 127.0.0.0/8.</param>
    /// <param name="preamble">What goes before all else, TLS too.</param>
    public static async Task<RawSocket> ConnectAsync(
        int port, int? receiveBuffer = null, bool tls = false, int? segment = null, string? from = null, byte[]? preamble = null)
    {
        const int Tcp = 6, MaxSegment = 2;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
            socket.ReceiveBufferSize = size;
        if (segment is { } bytes)
            socket.SetRawSocketOption(Tcp, MaxSegment, BitConverter.GetBytes(bytes));
        if (from is not null)
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port).WaitAsync(Wait.Limit);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (preamble is not null)
            await stream.WriteAsync(preamble);
        if (tls)
        {
#pragma warning disable CA5359 // the certificate is made by the test; whether it is the right one is not what is asked
            var secured = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
            await secured.AuthenticateAsClientAsync("localhost").WaitAsync(Wait.Limit);
            stream = secured;
        }

        return new RawSocket(socket, stream);
    }

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask().WaitAsync(Wait.Limit);

    /// <summary>Sends for as long as it takes.</summary>
    public ValueTask SendAsync(byte[] bytes, CancellationToken cancellationToken) => _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Reads what is there, past all that waits here; 0 at the end.</summary>
    public ValueTask<int> ReceiveAsync(byte[] buffer, CancellationToken cancellationToken) => _stream.ReadAsync(buffer, cancellationToken);

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Waits until the server has read all that was sent: what is sent next, it reads apart.</summary>
    public Task ReadByServerAsync() => Wait.UntilAsync(
        () => TcpQueues.IsAllRead(((IPEndPoint)Socket.LocalEndPoint!).Port, ((IPEndPoint)Socket.RemoteEndPoint!).Port), "the server to read what was sent");

    /// <summary>Sends again and again until the server takes no more, at most so many bytes; gives what it took.</summary>
    public async Task<long> SendUntilStuckAsync(byte[] block, long most)
    {
        // Nothing but time tells that nobody reads at the other end.
        var patience = TimeSpan.FromSeconds(1);
        for (var sent = 0L; sent < most; sent += block.Length)
        {
            using var stuck = new CancellationTokenSource(patience);
            try
            {
                await _stream.WriteAsync(block, stuck.Token);
            }
            catch (OperationCanceledException)
            {
                return sent;
            }
        }

        return most;
    }

    public async Task SendByteByByteAsync(byte[] bytes)
    {
        foreach (var b in bytes)
            await SendAsync([b]);
    }

    /// <summary>Sends one binary frame.</summary>
    public Task SendFrameAsync(int code, JsonObject body) =>
        SendAsync(TestClient.EncodeBinary(code, Encoding.UTF8.GetBytes(body.ToJsonString())));

    /// <summary>The next binary frame; null at the end.</summary>
    public async Task<ReceivedFrame?> ReadFrameAsync()
    {
        if (await ReadAsync(10) is not { } header)
            return null;
        Assert.Equal(18673, BinaryPrimitives.ReadUInt16BigEndian(header));
        var body = await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(6)));
        return body is null
            ? null
            : new ReceivedFrame(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(2)), JsonNode.Parse(body)!.AsObject());
    }

    /// <summary>The next binary frame of a code, passing by others.</summary>
    public async Task<ReceivedFrame> ReadFrameAsync(int code)
    {
        while (await ReadFrameAsync() is { } frame)
        {
            if (frame.Code == code)
                return frame;
        }

        throw new EndOfStreamException("The server closed the connection.");
    }

    /// <summary>Just so many bytes; null when the connection ends before.</summary>
    public async Task<byte[]?> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            if (!await FillAsync())
                return null;
            var taken = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, taken).CopyTo(bytes.AsSpan(filled));
            _start += taken;
            filled += taken;
        }

        return bytes;
    }

    /// <summary>An HTTP head up to its empty line; what came before the end, when the connection ends first.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (await ReadAsync(1) is { } next)
        {
            head.Append((char)next[0]);
            if (next[0] == '\n' && head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
                break;
        }

        return head.ToString();
    }

    /// <summary>An HTTP answer with a Content-Length or chunks: head and body.</summary>
    public async Task<(string Head, string Body)> ReadHttpAsync()
    {
        var head = await ReadHeadAsync();
        var length = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        if (length is not null)
            return (head, Encoding.UTF8.GetString(await ReadAsync(int.Parse(length.Split(':')[1])) ?? []));
        var body = new StringBuilder();
        while (Convert.ToInt32((await ReadLineAsync()).Trim(), 16) is var size and > 0)
        {
            body.Append(Encoding.UTF8.GetString(await ReadAsync(size) ?? []));
            await ReadLineAsync();
        }

        await ReadLineAsync();
        return (head, body.ToString());
    }

    /// <summary>All that comes until the server closes or resets the connection.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        while (await FillAsync())
        {
            all.Write(_buffer, _start, _end - _start);
            _start = _end;
        }

        return all.ToArray();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (line.Length == 0 || line[^1] != '\n')
            line.Append((char)(await ReadAsync(1) ?? throw new EndOfStreamException())[0]);
        return line.ToString();
    }

    private async Task<bool> FillAsync()
    {
        if (_start < _end)
            return true;
        _start = 0;
        try
        {
            _end = await _stream.ReadAsync(_buffer).AsTask().WaitAsync(Wait.Limit);
        }
        catch (IOException)
        {
            _end = 0;
        }

        return _end > 0;
    }
}
