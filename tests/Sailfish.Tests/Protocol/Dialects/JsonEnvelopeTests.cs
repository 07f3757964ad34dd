using System.Buffers;
using System.Text;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Protocol.Dialects;

public sealed class JsonEnvelopeTests
{
    [Fact]
    public void Written_envelope_has_the_contracts_shape()
    {
        var output = new ArrayBufferWriter<byte>();
        JsonEnvelope.Write(output, FrameCode.Message, "{\"userId\":10001}"u8);
        Assert.Equal("""{"code":1003,"body":{"userId":10001}}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Any_content_comes_back_byte_for_byte()
    {
        Properties.Hold(Texts.Any, text =>
        {
            var message = new MessageBody { AppId = 1, UserId = 10_001, BizCode = BizCodes.Chat, Data = text, MsgId = text };
            foreach (var context in new[] { BodyJson.Wire, BodyJson.Default })
            {
                var body = BodyJson.ToBytes(message, context.MessageBody);
                var output = new ArrayBufferWriter<byte>();
                JsonEnvelope.Write(output, FrameCode.Message, body);
                Assert.Equal(FrameReadStatus.Frame, JsonEnvelope.TryRead(output.WrittenMemory, out var frame));
                Assert.Equal(FrameCode.Message, frame.Code);
                Assert.Equal(body, frame.Body.ToArray());
                Assert.True(BodyJson.TryRead(frame.Body, BodyJson.Wire.MessageBody, out var read));
                Assert.Equal(message, read);
            }
        });
    }

    [Theory]
    [InlineData("""{"code":1004,"body":{"a":1}}""")]
    [InlineData("""{"body":{"a":1},"code":1004}""")]
    [InlineData(""" { "body" : {"a":1} , "code" : 1004 } """)]
    [InlineData("""{"x":[1,{"code":9,"body":{}}],"body":{"a":1},"y":{"code":1003},"code":1004,"z":null}""")]
    [InlineData("""{"\u0063ode":1004,"bod\u0079":{"a":1}}""")]
    [InlineData("""{"Code":1,"codes":2,"cod":3,"":4,"code":1004,"body":{"a":1}}""")]
    public void Members_in_any_order_and_unknown_ones_are_read(string text)
    {
        var frame = Read(text);
        Assert.Equal(FrameCode.Heartbeat, frame.Code);
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(frame.Body));
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00")]
    [InlineData("c\\ud83dode")]
    [InlineData("\\ud800\\ud800")]
    public void Unknown_member_with_half_a_surrogate_pair_is_bad_envelope(string name)
    {
        AssertRefused(FrameReadStatus.BadEnvelope, $$$"""{"{{{name}}}":1,"code":1004,"body":{}}""");
    }

    [Fact]
    public void Missing_body_stands_for_an_empty_object()
    {
        Assert.Equal("{}", Encoding.UTF8.GetString(Read("""{"code":1004}""").Body));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("\"{}\"")]
    [InlineData("12")]
    public void Body_that_is_no_object_is_handed_on_for_the_body_check_to_refuse(string body)
    {
        var frame = Read($$$"""{"code":1004,"body":{{{body}}}}""");
        Assert.Equal(body, Encoding.UTF8.GetString(frame.Body));
        Assert.False(BodyJson.IsObject(frame.Body));
    }

    [Fact]
    public void Body_is_a_slice_of_the_message()
    {
        var message = """{"code":1004,"body":{"a":1}}"""u8.ToArray();
        Assert.Equal(FrameReadStatus.Frame, JsonEnvelope.TryRead(message, out var frame));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(frame.Body.First, out var segment));
        Assert.Same(message, segment.Array);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1003")]
    [InlineData("\"code\"")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"body":{}}""")]
    [InlineData("""{"code"}""")]
    [InlineData("""{"code":}""")]
    [InlineData("""{"code":1004""")]
    [InlineData("""{"code":1004,"body":{}""")]
    [InlineData("""{"code":1004,"body":{]}""")]
    [InlineData("""{"code":1004,}""")]
    [InlineData("""{'code':1004}""")]
    [InlineData("""{"code":1004} x""")]
    [InlineData("""{"code":1004}{"code":1004}""")]
    [InlineData("""{"code":1004},""")]
    [InlineData("""{"code":1004}/* */""")]
    [InlineData("\uFEFF{\"code\":1004}")]
    [InlineData("{\"code\":1004}\0")]
    [InlineData("""{"code":"1004"}""")]
    [InlineData("""{"code":null}""")]
    [InlineData("""{"code":true}""")]
    [InlineData("""{"code":{}}""")]
    [InlineData("""{"code":1004.0}""")]
    [InlineData("""{"code":1e3}""")]
    [InlineData("""{"code":4294968300}""")]
    [InlineData("""{"code":99999999999999999999999999}""")]
    public void Garbage_is_bad_envelope(string text)
    {
        AssertRefused(FrameReadStatus.BadEnvelope, text);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1000")]
    [InlineData("1012")]
    [InlineData("-1003")]
    [InlineData("2147483647")]
    public void Unknown_code_is_refused(string code)
    {
        AssertRefused(FrameReadStatus.UnknownCode, $$$"""{"code":{{{code}}},"body":{}}""");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(63)]
    public void Nesting_within_the_limit_is_read(int depth)
    {
        var body = Nested(depth);
        Assert.Equal(body, Encoding.UTF8.GetString(Read($$$"""{"code":1004,"body":{{{body}}}}""").Body));
    }

    [Theory]
    [InlineData("body", 64)]
    [InlineData("body", 20_000)]
    [InlineData("other", 64)]
    [InlineData("other", 20_000)]
    public void Nesting_beyond_the_limit_is_bad_envelope(string member, int depth)
    {
        AssertRefused(FrameReadStatus.BadEnvelope, $$$"""{"code":1004,"{{{member}}}":{{{Nested(depth)}}}}""");
    }

    [Fact]
    public void Every_truncation_is_bad_envelope()
    {
        var message = """{"code":1004,"body":{"a":"é\n","b":[1,2.5e3,true,null]}}"""u8.ToArray();
        for (var length = 0; length < message.Length; length++)
        {
            Assert.Equal(FrameReadStatus.BadEnvelope, JsonEnvelope.TryRead(message.AsMemory(0, length), out var frame));
            Assert.Equal(default, frame);
        }
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"n\":", depth - 1)) + "{}" + new string('}', depth - 1);

    private static Frame Read(string text)
    {
        Assert.Equal(FrameReadStatus.Frame, JsonEnvelope.TryRead(Encoding.UTF8.GetBytes(text), out var frame));
        return frame;
    }

    private static void AssertRefused(FrameReadStatus expected, string text)
    {
        Assert.Equal(expected, JsonEnvelope.TryRead(Encoding.UTF8.GetBytes(text), out var frame));
        Assert.Equal(default, frame);
    }
}
