using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck.Fluent;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Protocol.Dialects;

public sealed class LegacyEnvelopeTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Written_envelope_has_the_contracts_shape()
    {
        var output = new ArrayBufferWriter<byte>();
        LegacyEnvelope.Write(output, FrameCode.Heartbeat, [0x7B, 0x00, 0x7F, 0x80, 0xFF, 0x7D]);
        Assert.Equal(
            """{"body":[123,0,127,-128,-1,125],"code":1004,"len":6,"magic":18673}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Written_empty_body_is_an_empty_array()
    {
        var output = new ArrayBufferWriter<byte>();
        LegacyEnvelope.Write(output, FrameCode.Login, []);
        Assert.Equal("""{"body":[],"code":1001,"len":0,"magic":18673}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Any_bytes_written_are_decoded_back_from_signed_integers()
    {
        var cases = from code in Gen.Choose(1001, 1011)
                    from body in Gen.ListOf(Gen.Choose(0, 255).Select(value => (byte)value))
                    select (Code: (FrameCode)code, Body: body.ToArray());
        Properties.Hold(cases.ToArbitrary(), given =>
        {
            var output = new ArrayBufferWriter<byte>();
            LegacyEnvelope.Write(output, given.Code, given.Body);
            Assert.Equal(given.Body, ServerFrame.LegacyBody(output.WrittenMemory, given.Code));
        });
    }

    [Fact]
    public void Any_content_in_the_body_string_is_unescaped_to_the_bodys_bytes()
    {
        Properties.Hold(Texts.Any, text =>
        {
            var message = new MessageBody { AppId = 1, UserId = 10_001, BizCode = BizCodes.Chat, Data = text };
            foreach (var context in new[] { BodyJson.Wire, BodyJson.Default })
            {
                var body = BodyJson.ToBytes(message, context.MessageBody);
                foreach (var options in new[] { Relaxed, JsonSerializerOptions.Default })
                {
                    var envelope = JsonSerializer.SerializeToUtf8Bytes(
                        new { magic = 18673, code = 1003, len = body.Length, body = Encoding.UTF8.GetString(body) }, options);
                    Assert.Equal(FrameReadStatus.Frame, LegacyEnvelope.TryRead(envelope, out var frame));
                    Assert.Equal(FrameCode.Message, frame.Code);
                    Assert.Equal(body, frame.Body.ToArray());
                    Assert.True(BodyJson.TryRead(frame.Body, BodyJson.Wire.MessageBody, out var read));
                    Assert.Equal(message, read);
                }
            }
        });
    }

    [Fact]
    public void Any_string_in_the_body_is_handed_on_as_its_UTF8()
    {
        Properties.Hold(Texts.Any, text =>
        {
            var envelope = JsonSerializer.SerializeToUtf8Bytes(new { code = 1003, body = text });
            Assert.Equal(FrameReadStatus.Frame, LegacyEnvelope.TryRead(envelope, out var frame));
            Assert.Equal(text, Encoding.UTF8.GetString(frame.Body));
        });
    }

    [Theory]
    [InlineData("18673")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e400")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("{\"code\":1}")]
    [InlineData("[1,[2]]")]
    public void Any_magic_and_any_length_are_not_looked_at(string value)
    {
        var frame = Read($$"""{"magic":{{value}},"code":1004,"len":{{value}},"body":"{\"a\":1}"}""");
        Assert.Equal(FrameCode.Heartbeat, frame.Code);
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(frame.Body));
    }

    [Theory]
    [InlineData("""{"body":"{\"a\":1}","code":1004}""")]
    [InlineData(""" { "len" : 7, "body" : "{\"a\":1}" , "code" : 1004 } """)]
    [InlineData("""{"x":{"body":"no","code":9},"code":1004,"body":"\u007b\"\u0061\":1}","y":[]}""")]
    [InlineData("""{"c\u006fde":1004,"\u0062ody":"{\"a\":1}"}""")]
    [InlineData("""{"code":1004,"body":{"a":1}}""")]
    public void Members_in_any_order_and_unknown_ones_are_read(string text)
    {
        var frame = Read(text);
        Assert.Equal(FrameCode.Heartbeat, frame.Code);
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(frame.Body));
    }

    [Fact]
    public void Missing_body_stands_for_an_empty_object()
    {
        Assert.Equal("{}", Encoding.UTF8.GetString(Read("""{"magic":18673,"code":1004,"len":0}""").Body));
    }

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"[]\"", "[]")]
    [InlineData("\"hello\"", "hello")]
    [InlineData("null", "null")]
    [InlineData("[1,2]", "[1,2]")]
    public void Body_that_is_no_object_is_handed_on_for_the_body_check_to_refuse(string written, string expected)
    {
        var frame = Read($$$"""{"code":1004,"body":{{{written}}}}""");
        Assert.Equal(expected, Encoding.UTF8.GetString(frame.Body));
        Assert.False(BodyJson.IsObject(frame.Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"body":"{}"}""")]
    [InlineData("""{"code":1004,"body":"{}""")]
    [InlineData("""{"code":1004,"body":"{}"}x""")]
    [InlineData("""{"code":1004,"body":"{}"}{}""")]
    [InlineData("""{"code":1004,"body":"{}",}""")]
    [InlineData("""{"code":"1004","body":"{}"}""")]
    [InlineData("""{"code":1004.5,"body":"{}"}""")]
    [InlineData("""{"code":1004,"body":"\x"}""")]
    [InlineData("""{"code":1004,"body":"\ud800"}""")]
    [InlineData("""{"code":1004,"body":"\udc00\ud800"}""")]
    [InlineData("""{"code":1004,"body":"\ud83d\n"}""")]
    [InlineData("""{"\ud800":0,"code":1004,"body":"{}"}""")]
    [InlineData("{\"code\":1004,\"body\":\"a\nb\"}")]
    public void Garbage_is_bad_envelope(string text)
    {
        AssertRefused(FrameReadStatus.BadEnvelope, Encoding.UTF8.GetBytes(text));
    }

    [Theory]
    [InlineData("C0AF")]
    [InlineData("FF")]
    [InlineData("E282")]
    [InlineData("EDA080")]
    [InlineData("F4908080")]
    [InlineData("5C6EFF")]
    public void Body_string_that_is_not_UTF8_is_bad_envelope(string hex)
    {
        byte[] bytes = [.. "{\"code\":1004,\"body\":\""u8, .. Convert.FromHexString(hex), .. "\"}"u8];
        AssertRefused(FrameReadStatus.BadEnvelope, bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(1012)]
    [InlineData(-1001)]
    public void Unknown_code_is_refused(int code)
    {
        AssertRefused(FrameReadStatus.UnknownCode, Encoding.UTF8.GetBytes($$"""{"code":{{code}},"body":"{}"}"""));
    }

    [Theory]
    [InlineData("body")]
    [InlineData("magic")]
    [InlineData("other")]
    public void Nesting_beyond_the_limit_is_bad_envelope(string member)
    {
        var text = $$$"""{"code":1004,"{{{member}}}":{{{new string('[', 20_000)}}}{{{new string(']', 20_000)}}}}""";
        AssertRefused(FrameReadStatus.BadEnvelope, Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public void Every_truncation_is_bad_envelope()
    {
        var message = """{"magic":18673,"code":1003,"len":30,"body":"{\"data\":\"é\ud83d\ude00\\n\"}"}"""u8.ToArray();
        Assert.Equal(FrameReadStatus.Frame, LegacyEnvelope.TryRead(message, out _));
        for (var length = 0; length < message.Length; length++)
            AssertRefused(FrameReadStatus.BadEnvelope, message[..length]);
    }

    private static Frame Read(string text)
    {
        Assert.Equal(FrameReadStatus.Frame, LegacyEnvelope.TryRead(Encoding.UTF8.GetBytes(text), out var frame));
        return frame;
    }

    private static void AssertRefused(FrameReadStatus expected, byte[] text)
    {
        Assert.Equal(expected, LegacyEnvelope.TryRead(text, out var frame));
        Assert.Equal(default, frame);
    }
}
