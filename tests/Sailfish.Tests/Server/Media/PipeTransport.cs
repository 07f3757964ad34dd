using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Sailfish.Server.Transports;

namespace Sailfish.Tests.Server.Media;

/// <summary>A connection whose other end is the test: what it sends comes in, and what is said to it is kept.</summary>
internal sealed class PipeTransport(string address) : Transport
{
    private readonly Pipe _input = new();
    private readonly ArrayBufferWriter<byte> _said = new();
    private readonly Lock _gate = new();

    /// <summary>All that was said to it, a letter a byte.</summary>
    public string Said
    {
        get
        {
            lock (_gate)
                return Encoding.Latin1.GetString(_said.WrittenSpan);
        }
    }

    public override EndPoint? RemoteEndPoint { get; set; } = new IPEndPoint(IPAddress.Parse(address), 1);

    public override PipeReader Input => _input.Reader;

    public override bool IsEnded => false;

    public override bool HasPeerLeft => false;

    public async Task SendAsync(byte[] bytes) => await _input.Writer.WriteAsync(bytes);

    public void Leave() => _input.Writer.Complete();

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
            _said.Write(bytes);
        return bytes.Length;
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        TrySend(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public override void Abort(string reason) => _input.Writer.Complete(new IOException(reason));
}
