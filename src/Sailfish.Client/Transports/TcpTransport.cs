using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Transports;

/// <summary>Binary frames over TCP, with or without TLS.</summary>
internal sealed class TcpTransport : ITransport
{
    private const int DefaultPort = 8085;
    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly ArrayBufferWriter<byte> _output = new();

    private TcpTransport(Stream stream)
    {
        _stream = stream;
        _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    public static async Task<TcpTransport> ConnectAsync(SailfishClientOptions options, CancellationToken cancellation)
    {
        var endpoint = options.Endpoint;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.IdnHost, endpoint.Port > 0 ? endpoint.Port : DefaultPort, cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return new TcpTransport(endpoint.Scheme == "tcps" ? await SecureAsync(stream, options, cancellation) : stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<InboundFrame?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellation);
            var buffer = result.Buffer;
            var status = BinaryFrame.TryRead(ref buffer, Transport.MaxInboundBody, out var frame);
            if (status == FrameReadStatus.Frame)
            {
                var inbound = new InboundFrame(frame.Code, frame.Body.ToArray());
                _reader.AdvanceTo(buffer.Start);
                return inbound;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (status != FrameReadStatus.NeedMore)
                throw Transport.BadPeer(status);
            if (result.IsCompleted)
                return null;
        }
    }

    public async ValueTask WriteAsync(IReadOnlyList<OutboundFrame> frames, CancellationToken cancellation)
    {
        _output.ResetWrittenCount();
        foreach (var frame in frames)
            BinaryFrame.Write(_output, frame.Code, frame.Body.Span);
        await _stream.WriteAsync(_output.WrittenMemory, cancellation);
        await _stream.FlushAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync();
        await _stream.DisposeAsync();
    }

    private static async Task<Stream> SecureAsync(Stream inner, SailfishClientOptions options, CancellationToken cancellation)
    {
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = options.Endpoint.IdnHost,
                RemoteCertificateValidationCallback = options.CertificateValidation,
            },
            cancellation);
        return stream;
    }
}
