using System.Buffers;
using System.Buffers.Binary;
using FsCheck.Fluent;
using Sailfish.Protocol.WebSockets;
using HeaderStatus = Sailfish.Protocol.WebSockets.WebSocketFrame.HeaderStatus;

namespace Sailfish.Tests.Protocol.WebSockets;

public sealed class WebSocketFrameTests
{
    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 6)]
    [InlineData(125, 6)]
    [InlineData(126, 8)]
    [InlineData(127, 8)]
    [InlineData(65_535, 8)]
    [InlineData(65_536, 14)]
    [InlineData(1L << 40, 14)]
    [InlineData(long.MaxValue, 14)]
    public void Every_length_form_is_read(long length, int size)
    {
        // What follows the head must not matter.
        byte[] bytes = [.. ClientHead(0x82, length), 0xFF, 0xFF, 0xFF];
        foreach (var input in Sequences.EveryCut(bytes))
        {
            Assert.Equal(HeaderStatus.Header, WebSocketFrame.TryReadHeader(input, out var header));
            Assert.True(header.Fin);
            Assert.Equal(WebSocketOpcode.Binary, header.Opcode);
            Assert.Equal(length, header.PayloadLength);
            Assert.Equal(size, header.Size);
            Assert.Equal(Key, KeyBytes(header));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(1L << 40)]
    public void Head_arriving_byte_by_byte_needs_more_until_its_last_byte(long length)
    {
        var head = ClientHead(0x81, length);
        for (var count = 0; count < head.Length; count++)
        {
            Assert.Equal(HeaderStatus.NeedMore, WebSocketFrame.TryReadHeader(Sequences.ByteByByte(head.AsMemory(0, count)), out var early));
            Assert.Equal(default, early);
        }

        Assert.Equal(HeaderStatus.Header, WebSocketFrame.TryReadHeader(Sequences.ByteByByte(head), out var header));
        Assert.Equal(length, header.PayloadLength);
    }

    [Theory]
    [InlineData(0x00, false, WebSocketOpcode.Continuation, false)]
    [InlineData(0x01, false, WebSocketOpcode.Text, false)]
    [InlineData(0x02, false, WebSocketOpcode.Binary, false)]
    [InlineData(0x80, true, WebSocketOpcode.Continuation, false)]
    [InlineData(0x81, true, WebSocketOpcode.Text, false)]
    [InlineData(0x82, true, WebSocketOpcode.Binary, false)]
    [InlineData(0x88, true, WebSocketOpcode.Close, true)]
    [InlineData(0x89, true, WebSocketOpcode.Ping, true)]
    [InlineData(0x8A, true, WebSocketOpcode.Pong, true)]
    public void Fin_and_opcode_are_read(byte first, bool fin, WebSocketOpcode opcode, bool control)
    {
        Assert.Equal(HeaderStatus.Header, Read(ClientHead(first, 5), out var header));
        Assert.Equal(fin, header.Fin);
        Assert.Equal(opcode, header.Opcode);
        Assert.Equal(control, header.IsControl);
    }

    [Fact]
    public void Reserved_bits_and_unknown_opcodes_are_protocol_errors()
    {
        int[] known = [0x0, 0x1, 0x2, 0x8, 0x9, 0xA];
        for (var first = 0; first <= 0xFF; first++)
        {
            var fin = (first & 0x80) != 0;
            var opcode = first & 0x0F;
            var good = (first & 0x70) == 0 && known.Contains(opcode) && (fin || opcode < 8);
            Assert.Equal(good ? HeaderStatus.Header : HeaderStatus.ProtocolError, Read(ClientHead((byte)first, 5), out _));
            // Judged with the second byte, before length and key are there.
            Assert.Equal(good ? HeaderStatus.NeedMore : HeaderStatus.ProtocolError, Read([(byte)first, 0x85], out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(126)]
    [InlineData(127)]
    public void Frame_without_mask_is_a_protocol_error_with_its_second_byte(byte second)
    {
        Assert.Equal(HeaderStatus.NeedMore, Read([0x81], out _));
        Assert.Equal(HeaderStatus.ProtocolError, Read([0x81, second], out var header));
        Assert.Equal(default, header);
    }

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x09)]
    [InlineData(0x0A)]
    public void Control_frame_that_is_fragmented_or_long_is_a_protocol_error(byte opcode)
    {
        Assert.Equal(HeaderStatus.Header, Read(ClientHead((byte)(0x80 | opcode), 125), out _));
        Assert.Equal(HeaderStatus.ProtocolError, Read(ClientHead(opcode, 0), out _));
        Assert.Equal(HeaderStatus.ProtocolError, Read(ClientHead(opcode, 125), out _));
        Assert.Equal(HeaderStatus.ProtocolError, Read(ClientHead((byte)(0x80 | opcode), 126), out _));
        Assert.Equal(HeaderStatus.ProtocolError, Read(ClientHead((byte)(0x80 | opcode), 65_536), out _));
        Assert.Equal(HeaderStatus.ProtocolError, Read([(byte)(0x80 | opcode), 0xFE], out _));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MinValue + 5)]
    public void Negative_length_is_a_protocol_error(long length)
    {
        byte[] head = [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, .. Key];
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), length);
        Assert.Equal(HeaderStatus.ProtocolError, Read(head, out var header));
        Assert.Equal(default, header);
    }

    [Fact]
    public void RFC6455_masked_hello_is_unmasked()
    {
        // Section 5.7.
        var bytes = Convert.FromHexString("818537FA213D7F9F4D5158");
        Assert.Equal(HeaderStatus.Header, Read(bytes, out var header));
        var payload = bytes[header.Size..];
        WebSocketFrame.Unmask(payload, header.MaskKey);
        Assert.Equal("Hello"u8, payload);
    }

    [Fact]
    public void Unmask_at_any_offset_and_length_is_the_naive_xor()
    {
        var cases = from key in Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), 4)
                    from payload in Gen.ListOf(Gen.Choose(0, 255).Select(value => (byte)value))
                    from repeats in Gen.Choose(0, 5)
                    from offset in Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(0, 100_000), Gen.Constant(int.MaxValue))
                    from before in Gen.Choose(0, 9)
                    select (Key: key, Payload: Enumerable.Repeat(payload, repeats).SelectMany(part => part).ToArray(), Offset: offset, Before: before);
        Properties.Hold(cases.ToArbitrary(), given =>
        {
            // Stands anywhere in its buffer, whose other bytes stay as they are.
            byte[] around = [.. new byte[given.Before], .. given.Payload, .. new byte[9]];
            WebSocketFrame.Unmask(around.AsSpan(given.Before, given.Payload.Length), WireKey(given.Key), given.Offset);
            byte[] expected = [.. given.Payload.Select((value, at) => (byte)(value ^ given.Key[(int)((at + (long)given.Offset) % 4)]))];
            Assert.Equal([.. new byte[given.Before], .. expected, .. new byte[9]], around);
        }, count: 500);
    }

    [Fact]
    public void Unmask_of_every_short_length_and_offset_is_the_naive_xor()
    {
        for (var length = 0; length <= 140; length++)
        {
            for (var offset = 0; offset < 5; offset++)
            {
                byte[] payload = [.. Enumerable.Range(0, length).Select(at => (byte)(at * 31))];
                byte[] expected = [.. payload.Select((value, at) => (byte)(value ^ Key[(at + offset) % 4]))];
                WebSocketFrame.Unmask(payload, WireKey(Key), offset);
                Assert.Equal(expected, payload);
            }
        }
    }

    [Fact]
    public void Payload_unmasked_in_pieces_equals_that_unmasked_at_once()
    {
        byte[] whole = [.. Enumerable.Range(0, 200).Select(at => (byte)(at * 7))];
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            byte[] pieces = [.. whole];
            byte[] once = [.. whole];
            WebSocketFrame.Unmask(once, WireKey(Key));
            WebSocketFrame.Unmask(pieces.AsSpan(0, cut), WireKey(Key));
            WebSocketFrame.Unmask(pieces.AsSpan(cut), WireKey(Key), cut);
            Assert.Equal(once, pieces);
        }
    }

    [Theory]
    [InlineData(0, "8200")]
    [InlineData(1, "8201")]
    [InlineData(125, "827D")]
    [InlineData(126, "827E007E")]
    [InlineData(65_535, "827EFFFF")]
    [InlineData(65_536, "827F0000000000010000")]
    [InlineData(int.MaxValue, "827F000000007FFFFFFF")]
    public void Head_written_is_the_shortest_without_mask(int length, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        WebSocketFrame.WriteHeader(output, WebSocketOpcode.Binary, length);
        Assert.Equal(expected, Convert.ToHexString(output.WrittenSpan));
    }

    [Fact]
    public void Head_written_then_masked_reads_back()
    {
        var cases = from opcode in Gen.Elements(WebSocketOpcode.Continuation, WebSocketOpcode.Text, WebSocketOpcode.Binary)
                    from length in Gen.OneOf(Gen.Choose(0, 130), Gen.Choose(65_530, 65_540), Gen.Choose(0, int.MaxValue))
                    select (Opcode: opcode, Length: length);
        Properties.Hold(cases.ToArbitrary(), given =>
        {
            var output = new ArrayBufferWriter<byte>();
            WebSocketFrame.WriteHeader(output, given.Opcode, given.Length);
            byte[] masked = [.. output.WrittenSpan, .. Key];
            masked[1] |= 0x80;
            Assert.Equal(HeaderStatus.Header, Read(masked, out var header));
            Assert.Equal((true, given.Opcode, (long)given.Length, masked.Length), (header.Fin, header.Opcode, header.PayloadLength, header.Size));
        });
    }

    [Fact]
    public void Control_frame_written_holds_its_payload()
    {
        var output = new ArrayBufferWriter<byte>();
        WebSocketFrame.WriteControl(output, WebSocketOpcode.Pong, "abc"u8);
        Assert.Equal("8A03616263", Convert.ToHexString(output.WrittenSpan));

        output.Clear();
        WebSocketFrame.WriteControl(output, WebSocketOpcode.Ping, new byte[125]);
        Assert.Equal(127, output.WrittenCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => WebSocketFrame.WriteControl(output, WebSocketOpcode.Ping, new byte[126]));
    }

    [Fact]
    public void Close_written_holds_its_code_big_endian()
    {
        var output = new ArrayBufferWriter<byte>();
        WebSocketFrame.WriteClose(output, WebSocketCloseCode.PolicyViolation);
        Assert.Equal("880203F0", Convert.ToHexString(output.WrittenSpan));
    }

    [Fact]
    public void Close_codes_are_valid_as_the_RFC_and_its_registry_say()
    {
        // 1004 is reserved; 1005, 1006 and 1015 never stand in a frame (RFC 6455, section 7.4.1); 1012 to 1014 are IANA's.
        int[] valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, .. Enumerable.Range(3000, 2000)];
        var expected = valid.ToHashSet();
        for (var code = -1; code <= ushort.MaxValue; code++)
            Assert.Equal(expected.Contains(code), WebSocketCloseCode.IsValid(code));
    }

    [Fact]
    public void Close_codes_that_the_server_sends_are_valid()
    {
        ushort[] sent =
        [
            WebSocketCloseCode.Normal, WebSocketCloseCode.GoingAway, WebSocketCloseCode.ProtocolError,
            WebSocketCloseCode.UnsupportedData, WebSocketCloseCode.InvalidPayload, WebSocketCloseCode.PolicyViolation,
            WebSocketCloseCode.MessageTooBig,
        ];
        Assert.Equal([1000, 1001, 1002, 1003, 1007, 1008, 1009], sent.Select(code => (int)code));
        Assert.All(sent, code => Assert.True(WebSocketCloseCode.IsValid(code)));
    }

    private static HeaderStatus Read(byte[] bytes, out WebSocketFrameHeader header) =>
        WebSocketFrame.TryReadHeader(new ReadOnlySequence<byte>(bytes), out header);

    /// <summary>A masked head with the shortest length.</summary>
    private static byte[] ClientHead(byte first, long length)
    {
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(wide, length);
        return length switch
        {
            <= 125 => [first, (byte)(0x80 | length), .. Key],
            <= 65_535 => [first, 0xFE, .. wide[6..], .. Key],
            _ => [first, 0xFF, .. wide, .. Key],
        };
    }

    /// <summary>The key as a header holds it: its bytes in wire order in memory.</summary>
    private static uint WireKey(byte[] key) => BitConverter.ToUInt32(key);

    private static byte[] KeyBytes(WebSocketFrameHeader header) => BitConverter.GetBytes(header.MaskKey);
}
