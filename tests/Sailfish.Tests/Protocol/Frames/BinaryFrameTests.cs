using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using FsCheck.Fluent;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Protocol.Frames;

public sealed class BinaryFrameTests
{
    private const int MaxBody = BinaryFrame.DefaultMaxBody;

    private static readonly byte[] Sample = Frame(1003, "{\"userId\":10001}"u8);

    [Fact]
    public void Written_frame_has_the_contracts_bytes()
    {
        var output = new ArrayBufferWriter<byte>();
        BinaryFrame.Write(output, FrameCode.Heartbeat, "{}"u8);
        Assert.Equal("48F1000003EC000000027B7D", Convert.ToHexString(output.WrittenSpan));
    }

    [Theory]
    [InlineData(FrameCode.Login)]
    [InlineData(FrameCode.Logout)]
    [InlineData(FrameCode.Message)]
    [InlineData(FrameCode.Heartbeat)]
    [InlineData(FrameCode.Ack)]
    [InlineData(FrameCode.Receipt)]
    [InlineData(FrameCode.Error)]
    [InlineData(FrameCode.Sync)]
    [InlineData(FrameCode.Join)]
    [InlineData(FrameCode.Leave)]
    [InlineData(FrameCode.Bye)]
    public void Every_code_comes_back_as_written(FrameCode code)
    {
        var output = new ArrayBufferWriter<byte>();
        BinaryFrame.Write(output, code, "{\"a\":1}"u8);
        var input = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, MaxBody, out var frame));
        Assert.Equal(code, frame.Code);
        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(frame.Body));
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void Empty_body_is_a_frame()
    {
        var input = new ReadOnlySequence<byte>(Frame(1004, []));
        Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, MaxBody, out var frame));
        Assert.True(frame.Body.IsEmpty);
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void Every_prefix_of_a_frame_needs_more_and_is_left_alone()
    {
        for (var length = 0; length < Sample.Length; length++)
        {
            var input = Sequences.ByteByByte(Sample.AsMemory(0, length));
            Assert.Equal(FrameReadStatus.NeedMore, BinaryFrame.TryRead(ref input, MaxBody, out var frame));
            Assert.Equal(default, frame);
            Assert.Equal(length, input.Length);
        }
    }

    [Fact]
    public void Frame_in_segments_of_one_byte_is_read_whole()
    {
        var input = Sequences.ByteByByte(Sample);
        Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, MaxBody, out var frame));
        Assert.Equal("{\"userId\":10001}", Encoding.UTF8.GetString(frame.Body));
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void Two_frames_cut_anywhere_are_read_one_after_the_other()
    {
        byte[] glued = [.. Sample, .. Frame(1005, "{\"msgId\":\"7\"}"u8)];
        foreach (var cut in Sequences.EveryCut(glued))
        {
            var input = cut;
            Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, MaxBody, out var first));
            Assert.Equal(FrameCode.Message, first.Code);
            Assert.Equal("{\"userId\":10001}", Encoding.UTF8.GetString(first.Body));
            Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, MaxBody, out var second));
            Assert.Equal(FrameCode.Ack, second.Code);
            Assert.Equal("{\"msgId\":\"7\"}", Encoding.UTF8.GetString(second.Body));
            Assert.Equal(FrameReadStatus.NeedMore, BinaryFrame.TryRead(ref input, MaxBody, out _));
            Assert.True(input.IsEmpty);
        }
    }

    [Fact]
    public void Any_glue_of_frames_in_any_segments_is_read_back_in_order()
    {
        var frame = from code in Gen.Choose(1001, 1011)
                    from body in Gen.ListOf(Gen.Choose(0, 255).Select(value => (byte)value))
                    select (Code: code, Body: body.ToArray());
        var cases = from frames in Gen.ListOf(frame)
                    from lengths in Gen.NonEmptyListOf(Gen.Choose(0, 40))
                    select (Frames: frames.ToArray(), Lengths: lengths.ToArray());
        Properties.Hold(cases.ToArbitrary(), given =>
        {
            var output = new ArrayBufferWriter<byte>();
            foreach (var (code, body) in given.Frames)
                BinaryFrame.Write(output, (FrameCode)code, body);
            var input = Sequences.InLengths(output.WrittenMemory, given.Lengths);
            foreach (var (code, body) in given.Frames)
            {
                Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, MaxBody, out var read));
                Assert.Equal((FrameCode)code, read.Code);
                Assert.Equal(body, read.Body.ToArray());
            }

            Assert.True(input.IsEmpty);
        });
    }

    [Fact]
    public void Bytes_arriving_one_by_one_give_each_frame_with_its_last_byte()
    {
        byte[][] frames = [Sample, Frame(1004, []), Frame(1002, "{}"u8)];
        List<byte> buffered = [];
        foreach (var frame in frames)
        {
            foreach (var value in frame[..^1])
            {
                buffered.Add(value);
                var early = new ReadOnlySequence<byte>(buffered.ToArray());
                Assert.Equal(FrameReadStatus.NeedMore, BinaryFrame.TryRead(ref early, MaxBody, out _));
            }

            buffered.Add(frame[^1]);
            var input = new ReadOnlySequence<byte>(buffered.ToArray());
            Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, MaxBody, out var read));
            Assert.Equal(frame[10..], read.Body.ToArray());
            Assert.True(input.IsEmpty);
            buffered.Clear();
        }
    }

    [Fact]
    public void Bytes_after_a_frame_are_left_untouched()
    {
        byte[] rest = [0xDE, 0xAD, 0xBE];
        foreach (var cut in Sequences.EveryCut((byte[])[.. Sample, .. rest]))
        {
            var input = cut;
            Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, MaxBody, out _));
            Assert.Equal(rest, input.ToArray());
        }
    }

    [Theory]
    [InlineData(0x48, 0xF0)]
    [InlineData(0x49, 0xF1)]
    [InlineData(0xF1, 0x48)]
    [InlineData(0x00, 0x00)]
    [InlineData((byte)'G', (byte)'E')]
    public void Wrong_magic_is_refused_with_its_second_byte(byte first, byte second)
    {
        AssertRefusedAt(2, FrameReadStatus.BadMagic, [first, second, .. Sample.AsSpan(2)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1012)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(1003 << 8)]
    public void Unknown_code_is_refused_with_its_last_byte(int code)
    {
        AssertRefusedAt(6, FrameReadStatus.UnknownCode, Frame(code, "{}"u8));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(MaxBody + 1)]
    [InlineData(int.MaxValue)]
    public void Length_out_of_range_is_refused_before_any_body(int length)
    {
        var bytes = Frame(1003, "{}"u8);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(6), length);
        AssertRefusedAt(BinaryFrame.HeaderSize, FrameReadStatus.BadLength, bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(MaxBody)]
    public void Body_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(int limit)
    {
        var whole = new ReadOnlySequence<byte>(Frame(1003, new byte[limit]));
        Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref whole, limit, out var frame));
        Assert.Equal(limit, frame.Body.Length);
        AssertRefusedAt(BinaryFrame.HeaderSize, FrameReadStatus.BadLength, Frame(1003, new byte[limit + 1]), limit);
    }

    [Fact]
    public void Largest_length_allowed_needs_more_without_overflow()
    {
        var bytes = Frame(1003, "{}"u8);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(6), int.MaxValue);
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(FrameReadStatus.NeedMore, BinaryFrame.TryRead(ref input, int.MaxValue, out _));
        Assert.Equal(bytes.Length, input.Length);
    }

    private static void AssertRefusedAt(int decisive, FrameReadStatus expected, byte[] bytes, int maxBody = MaxBody)
    {
        for (var length = 0; length <= Math.Min(bytes.Length, 16); length++)
        {
            var input = Sequences.ByteByByte(bytes.AsMemory(0, length));
            var status = BinaryFrame.TryRead(ref input, maxBody, out var frame);
            Assert.Equal(length < decisive ? FrameReadStatus.NeedMore : expected, status);
            Assert.Equal(default, frame);
            Assert.Equal(length, input.Length);
        }
    }

    private static byte[] Frame(int code, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[10 + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, 0x48F1);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(2), code);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(6), body.Length);
        body.CopyTo(bytes.AsSpan(10));
        return bytes;
    }
}
