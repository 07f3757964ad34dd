using Sailfish.Media.Flv;
using Sailfish.Media.Rtmp;
using Sailfish.Server.Media.Publishing;
using Sailfish.Tests.Media.Rtmp;

namespace Sailfish.Tests.Server.Media;

/// <summary>An encoder on a connection of its own, which says what it is told to.</summary>
internal sealed class PipeEncoder
{
    /// <summary>What the server says to who may publish.</summary>
    public const string Published = "Published.";

    private const int ChunkSize = 60_000;
    private readonly PipeTransport _transport;

    public PipeEncoder(RtmpServer server, string address = "192.0.2.1")
    {
        _transport = new PipeTransport(address);
        Ended = server.RunAsync(_transport);
    }

    /// <summary>The server is done with it.</summary>
    public Task Ended { get; }

    public string Said => _transport.Said;

    public Task SendAsync(byte[] bytes) => _transport.SendAsync(bytes);

    /// <summary>Asks to publish, until it is answered.</summary>
    public async Task<PipeEncoder> AskAsync(string key, string answer = Published)
    {
        await SendAsync(PublisherPeer.Handshake);
        await SendAsync(PublisherPeer.Connecting(stream: key));
        await HearAsync(answer);
        return this;
    }

    public async Task WriteAsync(params FlvTag[] tags)
    {
        await SendAsync(ChunkBytes.Control(RtmpMessageType.SetChunkSize, ChunkSize, ChunkSize));
        foreach (var tag in tags)
        {
            var (stream, type) = tag.Kind == TagKind.Video ? (6, RtmpMessageType.Video) : (4, RtmpMessageType.Audio);
            await SendAsync(ChunkBytes.Message(stream, tag.Timestamp, type, tag.Body.ToArray(), ChunkSize));
        }
    }

    public Task HearAsync(string what) => Wait.UntilAsync(() => Said.Contains(what, StringComparison.Ordinal), Wait.Limit, () => what);

    /// <summary>Closes, and waits until the server is done with it.</summary>
    public Task LeaveAsync()
    {
        _transport.Leave();
        return Ended.WaitAsync(Wait.Limit);
    }
}
