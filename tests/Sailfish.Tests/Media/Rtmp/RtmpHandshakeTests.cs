using System.Buffers;
using Sailfish.Media;
using Sailfish.Media.Rtmp;

namespace Sailfish.Tests.Media.Rtmp;

public sealed class RtmpHandshakeTests
{
    private const int PacketSize = 1536;

    [Fact]
    public void Handshake_cut_anywhere_is_answered_alike()
    {
        var bytes = PublisherPeer.Handshake;
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var output = new ArrayBufferWriter<byte>();
            var handshake = new RtmpHandshake(output);
            var first = new ReadOnlySequence<byte>(bytes.AsMemory(0, cut));
            var second = new ReadOnlySequence<byte>(bytes.AsMemory(cut));
            Assert.Equal(cut == bytes.Length, handshake.TryFinish(ref first));
            Assert.Equal(0, first.Length);
            Assert.True(handshake.TryFinish(ref second));
            Assert.Equal(0, second.Length);
            Check(output.WrittenSpan, bytes);
        }
    }

    [Fact]
    public void Byte_of_a_peer_that_waits_for_us_is_answered()
    {
        var output = new ArrayBufferWriter<byte>();
        var input = new ReadOnlySequence<byte>([3]);
        Assert.False(new RtmpHandshake(output).TryFinish(ref input));
        Assert.Equal(1 + PacketSize, output.WrittenCount);
    }

    [Fact]
    public void What_stands_behind_the_handshake_is_not_taken()
    {
        var input = new ReadOnlySequence<byte>([.. PublisherPeer.Handshake, 1, 2, 3]);
        Assert.True(new RtmpHandshake(new ArrayBufferWriter<byte>()).TryFinish(ref input));
        Assert.Equal([1, 2, 3], input.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)] // encrypted
    [InlineData((byte)'G')]
    [InlineData(0x16)] // TLS
    public void Another_version_is_refused_at_its_byte(byte version)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<MediaFormatException>(() =>
        {
            var input = new ReadOnlySequence<byte>([version]);
            new RtmpHandshake(output).TryFinish(ref input);
        });
        Assert.Equal(0, output.WrittenCount);
    }

    /// <summary>S0 is the version, S1 begins with zeros, which say that it is not signed, and S2 is C1.</summary>
    private static void Check(ReadOnlySpan<byte> output, byte[] sent)
    {
        Assert.Equal(1 + (2 * PacketSize), output.Length);
        Assert.Equal([3, 0, 0, 0, 0, 0, 0, 0, 0], output[..9].ToArray());
        Assert.True(output[9..(1 + PacketSize)].ContainsAnyExcept((byte)0));
        Assert.True(output[(1 + PacketSize)..].SequenceEqual(sent.AsSpan(1, PacketSize)));
    }
}
