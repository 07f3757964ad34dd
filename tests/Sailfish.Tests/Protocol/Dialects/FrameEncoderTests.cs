using System.Buffers;
using System.Text;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Tests.Protocol.Dialects;

public sealed class FrameEncoderTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(115)]
    [InlineData(116)]
    [InlineData(1_000)]
    [InlineData(65_526)]
    [InlineData(65_536)]
    public void Frame_of_any_length_comes_back_in_every_dialect(int length)
    {
        var body = Encoding.ASCII.GetBytes("{" + new string(' ', length - 2) + "}");
        Assert.Equal(body, ReadBinary(Write(Dialect.Binary, body)));
        Assert.Equal(body, ReadBinary(ServerFrame.Payload(Write(Dialect.WebSocketBinary, body), WebSocketOpcode.Binary)));
        Assert.Equal(body, ServerFrame.LegacyBody(
            ServerFrame.Payload(Write(Dialect.WebSocketLegacy, body), WebSocketOpcode.Text), FrameCode.Heartbeat));

        var text = ServerFrame.Payload(Write(Dialect.WebSocketJson, body), WebSocketOpcode.Text);
        Assert.Equal(FrameReadStatus.Frame, JsonEnvelope.TryRead(text, out var frame));
        Assert.Equal(FrameCode.Heartbeat, frame.Code);
        Assert.Equal(body, frame.Body.ToArray());
    }

    [Fact]
    public void Frames_written_one_after_the_other_stand_side_by_side()
    {
        foreach (var dialect in Enum.GetValues<Dialect>())
        {
            var output = new ArrayBufferWriter<byte>();
            FrameEncoder.Write(output, dialect, FrameCode.Heartbeat, "{}"u8);
            var first = output.WrittenCount;
            FrameEncoder.Write(output, dialect, FrameCode.Heartbeat, "{}"u8);
            Assert.Equal(first * 2, output.WrittenCount);
            Assert.Equal(output.WrittenSpan[..first], output.WrittenSpan[first..]);
        }
    }

    private static byte[] Write(Dialect dialect, byte[] body)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameEncoder.Write(output, dialect, FrameCode.Heartbeat, body);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] ReadBinary(byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, BinaryFrame.DefaultMaxBody, out var frame));
        Assert.Equal(FrameCode.Heartbeat, frame.Code);
        Assert.True(input.IsEmpty);
        return frame.Body.ToArray();
    }
}
