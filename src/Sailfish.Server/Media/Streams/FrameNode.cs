using System.Buffers;
using Sailfish.Media.Flv;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Server.Media.Streams;

/// <summary>
/// Some tags of a stream as finished bytes, the same for all who watch: a WebSocket message as a whole, FLV without its head.
/// A viewer is a place in the chain of them; what nobody stands at is garbage.
/// </summary>
internal sealed class FrameNode
{
    private readonly byte[] _bytes;

    /// <summary>Where the head of the WebSocket message begins, which is as long as the length of the message needs.</summary>
    private readonly int _messageStart;
    private FrameNode? _next;

    private FrameNode(byte[] bytes, StreamHead? head, bool isKey, uint timestamp)
    {
        (_bytes, Head, IsKey, Timestamp) = (bytes, head, isKey, timestamp);
        _messageStart = WebSocketFrame.MaxHeaderSize - WriteMessageHead();
    }

    /// <summary>What a player needs before these tags.</summary>
    public StreamHead? Head { get; }

    /// <summary>Whether a player can begin here.</summary>
    public bool IsKey { get; }

    /// <summary>How far the stream is with it, in milliseconds; never less than before.</summary>
    public uint Timestamp { get; }

    /// <summary>Bytes of FLV.</summary>
    public int Length => _bytes.Length - WebSocketFrame.MaxHeaderSize;

    public ReadOnlyMemory<byte> Flv => _bytes.AsMemory(WebSocketFrame.MaxHeaderSize);

    public ReadOnlyMemory<byte> Message => _bytes.AsMemory(_messageStart);

    public FrameNode? Next => Volatile.Read(ref _next);

    /// <summary>The begin of a chain: nothing to send.</summary>
    public static FrameNode Root() => new(new byte[WebSocketFrame.MaxHeaderSize], head: null, isKey: false, timestamp: 0);

    /// <summary>Headers: what a player needs before any frame.</summary>
    /// <param name="tags">Any number of them.</param>
    /// <param name="before">What stands before them.</param>
    public static FrameNode OfHeaders(IReadOnlyList<FlvTag> tags, ReadOnlySpan<byte> before = default) =>
        new(Written(tags, before), head: null, isKey: false, timestamp: 0);

    /// <param name="tags">One at least, in their order, their times those of the stream.</param>
    /// <param name="head">What a player needs before them.</param>
    /// <param name="isKey">Whether a player can begin with them.</param>
    /// <param name="timestamp">How far the stream is with them.</param>
    public static FrameNode Of(IReadOnlyList<FlvTag> tags, StreamHead head, bool isKey, uint timestamp) => new(Written(tags, before: default), head, isKey, timestamp);

    /// <summary>Once.</summary>
    public void Append(FrameNode next) => Volatile.Write(ref _next, next);

    /// <summary>With space for the head of the message in front.</summary>
    private static byte[] Written(IReadOnlyList<FlvTag> tags, ReadOnlySpan<byte> before)
    {
        var bytes = new byte[WebSocketFrame.MaxHeaderSize + before.Length + tags.Sum(tag => FlvWriter.TagSize(tag.Body.Length))];
        var at = bytes.AsSpan(WebSocketFrame.MaxHeaderSize);
        before.CopyTo(at);
        at = at[before.Length..];
        foreach (var tag in tags)
            at = at[FlvWriter.WriteTag(at, tag.Kind, tag.Timestamp, tag.Body.Span)..];
        return bytes;
    }

    /// <summary>Right before the bytes; its length.</summary>
    private int WriteMessageHead()
    {
        var head = new ArrayBufferWriter<byte>(WebSocketFrame.MaxHeaderSize);
        WebSocketFrame.WriteHeader(head, WebSocketOpcode.Binary, Length);
        head.WrittenSpan.CopyTo(_bytes.AsSpan(WebSocketFrame.MaxHeaderSize - head.WrittenCount));
        return head.WrittenCount;
    }
}
