using System.Buffers;
using Sailfish.Media.Rtmp;

namespace Sailfish.Tests.Media.Rtmp;

/// <summary>What a session costs in memory while it runs.</summary>
public sealed class RtmpMemoryTests
{
    private const int ChunkSize = 4096;
    private const int Frames = 200;

    /// <summary>The runtime's own of an array: its type and its length.</summary>
    private const int ArrayOverhead = 24;

    [Theory]
    [InlineData(600, 65_536)] // sound, in one chunk
    [InlineData(5_000, 65_536)] // pictures, in several
    [InlineData(60_000, 1_500)] // by packets of a network
    public void Tag_allocates_its_body_and_nothing_more(int length, int pieceLength)
    {
        var peer = PublisherPeer.Publishing();
        peer.Forgets = true;
        Send(peer, ChunkBytes.Control(RtmpMessageType.SetChunkSize, ChunkSize), pieceLength);
        byte[] media = [.. Enumerable.Repeat(ChunkBytes.Message(6, 40, RtmpMessageType.Video, new byte[length], ChunkSize), Frames).SelectMany(bytes => bytes)];
        // The first ones grow what is kept, and have the code compiled.
        Send(peer, media, pieceLength);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(peer, media, pieceLength);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Frames;
        Assert.InRange(each, length, length + ArrayOverhead + 8);
    }

    [Fact]
    public void Session_that_declares_much_holds_nearly_nothing()
    {
        var peer = PublisherPeer.Publishing();
        byte[] declared = [.. Enumerable.Range(4, 14).SelectMany(stream => (byte[])[.. ChunkBytes.Header0(stream, 0, 4_194_304, RtmpMessageType.Video), .. new byte[128]])];
        Send(peer, declared, declared.Length);
        Assert.InRange(peer.Session.HeldBytes, 0, 16 * 1024);
    }

    /// <summary>Without arrays of the test's own; what is not consumed comes again before the next piece.</summary>
    private static void Send(PublisherPeer peer, byte[] bytes, int pieceLength)
    {
        var rest = ReadOnlySequence<byte>.Empty;
        for (var (start, end) = (0, 0); end < bytes.Length; start = end - (int)rest.Length)
        {
            end = Math.Min(bytes.Length, end + pieceLength);
            rest = new ReadOnlySequence<byte>(bytes, start, end - start);
            peer.Session.Receive(ref rest);
        }
    }
}
