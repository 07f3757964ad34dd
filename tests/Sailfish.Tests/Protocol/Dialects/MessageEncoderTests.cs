using System.Buffers;
using System.Text;
using System.Text.Json;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Tests.Protocol.Dialects;

public sealed class MessageEncoderTests
{
    private static readonly Dialect[] Dialects = Enum.GetValues<Dialect>();

    private static readonly MessageBody Sample = new()
    {
        AppId = 10_001,
        UserId = 123_456,
        BizCode = BizCodes.Chat,
        Data = """{"content":"Привет \"你\" 😀\n","objectId":10002}""",
        MsgId = "01978a2e",
        ClientMsgId = "the sender's own",
        Conversation = "d:10001:10002",
        Seq = 42,
        Time = 1_750_000_000_123,
    };

    public static TheoryData<Dialect, int, long> Cases()
    {
        var cases = new TheoryData<Dialect, int, long>();
        foreach (var dialect in Dialects)
        {
            foreach (var protocol in new[] { 1, 2 })
            {
                foreach (var userId in new[] { 0, 1, Ids.MinUser, 1_234_567_890, 999_999_999_999_999, 1_000_000_000_000_000, Ids.Max })
                    cases.Add(dialect, protocol, userId);
            }
        }

        return cases;
    }

    public static TheoryData<Dialect, int> DialectsAndProtocols()
    {
        var cases = new TheoryData<Dialect, int>();
        foreach (var dialect in Dialects)
        {
            cases.Add(dialect, 1);
            cases.Add(dialect, 2);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Receiver_in_the_slot_comes_back_with_the_exact_message(Dialect dialect, int protocol, long userId)
    {
        var encoded = MessageEncoder.Encode(Sample, dialect, protocol);
        Assert.Equal(Expected(Sample, protocol, userId), Decode(For(encoded, dialect, userId), dialect));
    }

    [Theory]
    [MemberData(nameof(DialectsAndProtocols))]
    public void Any_content_comes_back_as_written(Dialect dialect, int protocol)
    {
        Properties.Hold(Texts.Any, text =>
        {
            var message = Sample with { Data = text, MsgId = text, Conversation = text };
            var encoded = MessageEncoder.Encode(message, dialect, protocol);
            Assert.Equal(Expected(message, protocol, Ids.Max), Decode(For(encoded, dialect, Ids.Max), dialect));
        }, count: 50);
    }

    [Theory]
    [MemberData(nameof(DialectsAndProtocols))]
    public void Every_header_length_puts_the_slot_where_the_user_id_is(Dialect dialect, int protocol)
    {
        // From heads of two bytes to such of ten, in the legacy dialect with its three to four characters a byte, too.
        foreach (var length in new[] { 0, 1, 10, 60, 100, 126, 5_000, 16_000, 22_000, 65_300, 65_400, 65_536, 70_000 })
        {
            var message = new MessageBody { AppId = 1, BizCode = 1, Data = new string('x', length), MsgId = "m" };
            var encoded = MessageEncoder.Encode(message, dialect, protocol);
            Assert.Equal(message with { UserId = 10_007 }, Decode(For(encoded, dialect, 10_007), dialect));
        }
    }

    [Theory]
    [MemberData(nameof(DialectsAndProtocols))]
    public void Short_receiver_after_a_long_one_leaves_no_digits_behind(Dialect dialect, int protocol)
    {
        var encoded = MessageEncoder.Encode(Sample, dialect, protocol);
        var reused = For(encoded, dialect, Ids.Max);
        ReceiverSlot.Write(Slot(reused, encoded, dialect), dialect, Ids.MinUser);
        Assert.Equal(For(encoded, dialect, Ids.MinUser), reused);
    }

    [Theory]
    [MemberData(nameof(DialectsAndProtocols))]
    public void Receivers_of_one_message_differ_in_the_slot_only(Dialect dialect, int protocol)
    {
        var encoded = MessageEncoder.Encode(Sample, dialect, protocol);
        var one = For(encoded, dialect, 1_111_111_111_111_111);
        var other = For(encoded, dialect, 2_222_222_222_222_222);
        int[] different = [.. Enumerable.Range(0, one.Length).Where(at => one[at] != other[at])];
        Assert.Equal(encoded.SlotOffset, different[0]);
        Assert.Equal(encoded.SlotOffset + ReceiverSlot.WidthIn(dialect) - 1, different[^1]);
    }

    [Theory]
    [MemberData(nameof(DialectsAndProtocols))]
    public void Encoding_leaves_the_message_and_its_own_user_id_out(Dialect dialect, int protocol)
    {
        // What stands in the slot before it is written is nobody's id.
        var one = MessageEncoder.Encode(Sample with { UserId = 10_001 }, dialect, protocol);
        var other = MessageEncoder.Encode(Sample with { UserId = Ids.Max, ClientMsgId = null }, dialect, protocol);
        Assert.Equal(one.SlotOffset, other.SlotOffset);
        Assert.Equal(one.Bytes, other.Bytes);
    }

    [Theory]
    [InlineData(Dialect.Binary)]
    [InlineData(Dialect.WebSocketBinary)]
    [InlineData(Dialect.WebSocketJson)]
    [InlineData(Dialect.WebSocketLegacy)]
    public void Protocol_one_has_no_conversation_seq_or_time(Dialect dialect)
    {
        Assert.Equal(
            ["userId", "appId", "bizCode", "msgId", "data"],
            Members(For(MessageEncoder.Encode(Sample, dialect, 1), dialect, 10_001), dialect));
        Assert.Equal(
            ["userId", "appId", "bizCode", "msgId", "conversation", "seq", "time", "data"],
            Members(For(MessageEncoder.Encode(Sample, dialect, 2), dialect, 10_001), dialect));
    }

    [Theory]
    [MemberData(nameof(DialectsAndProtocols))]
    public void Members_that_are_null_are_not_written(Dialect dialect, int protocol)
    {
        var encoded = MessageEncoder.Encode(new MessageBody { AppId = 1, BizCode = 2 }, dialect, protocol);
        Assert.Equal(["userId", "appId", "bizCode"], Members(For(encoded, dialect, 10_001), dialect));
    }

    [Fact]
    public void User_id_is_a_number_padded_to_sixteen_characters()
    {
        var frame = For(MessageEncoder.Encode(new MessageBody { AppId = 1, BizCode = 2 }, Dialect.Binary, 1), Dialect.Binary, 10_001);
        Assert.Equal("""{"userId":10001           ,"appId":1,"bizCode":2}""", Encoding.UTF8.GetString(frame.AsSpan(10)));
    }

    [Fact]
    public void Body_length_is_that_of_protocol_two()
    {
        var body = Body(For(MessageEncoder.Encode(Sample, Dialect.Binary, 2), Dialect.Binary, 10_001), Dialect.Binary);
        Assert.Equal(body.Length, MessageEncoder.BodyLength(Sample));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_written_as_the_replacement_character()
    {
        var encoded = MessageEncoder.Encode(Sample with { Data = "a\uD800b\uDC00" }, Dialect.Binary, 2);
        Assert.Equal("a\uFFFDb\uFFFD", Decode(For(encoded, Dialect.Binary, 10_001), Dialect.Binary).Data);
    }

    [Theory]
    [InlineData(Dialect.Binary, 16)]
    [InlineData(Dialect.WebSocketBinary, 16)]
    [InlineData(Dialect.WebSocketJson, 16)]
    [InlineData(Dialect.WebSocketLegacy, 47)]
    public void Slot_written_stays_within_its_width(Dialect dialect, int width)
    {
        Assert.Equal(width, ReceiverSlot.WidthIn(dialect));
        foreach (var userId in new[] { 0, Ids.MinUser, Ids.Max })
        {
            var around = new byte[width + 2];
            Array.Fill(around, (byte)'#');
            ReceiverSlot.Write(around.AsSpan(1, width), dialect, userId);
            Assert.Equal((byte)'#', around[0]);
            Assert.Equal((byte)'#', around[^1]);
            Assert.DoesNotContain((byte)'#', around[1..^1]);
        }
    }

    private static MessageBody Expected(MessageBody message, int protocol, long userId)
    {
        var expected = message with { UserId = userId, ClientMsgId = null };
        return protocol >= 2 ? expected : expected with { Conversation = null, Seq = null, Time = null };
    }

    private static byte[] For(EncodedMessage encoded, Dialect dialect, long userId)
    {
        byte[] copy = [.. encoded.Bytes];
        ReceiverSlot.Write(Slot(copy, encoded, dialect), dialect, userId);
        return copy;
    }

    private static Span<byte> Slot(byte[] bytes, EncodedMessage encoded, Dialect dialect) =>
        bytes.AsSpan(encoded.SlotOffset, ReceiverSlot.WidthIn(dialect));

    private static string[] Members(byte[] bytes, Dialect dialect)
    {
        using var document = JsonDocument.Parse(Body(bytes, dialect));
        return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
    }

    private static MessageBody Decode(byte[] bytes, Dialect dialect)
    {
        var body = new ReadOnlySequence<byte>(Body(bytes, dialect));
        Assert.True(BodyJson.TryRead(body, BodyJson.Wire.MessageBody, out var message));
        return message;
    }

    private static byte[] Body(byte[] bytes, Dialect dialect) => dialect switch
    {
        Dialect.Binary => BinaryBody(bytes),
        Dialect.WebSocketBinary => BinaryBody(ServerFrame.Payload(bytes, WebSocketOpcode.Binary)),
        Dialect.WebSocketJson => JsonBody(ServerFrame.Payload(bytes, WebSocketOpcode.Text)),
        _ => ServerFrame.LegacyBody(ServerFrame.Payload(bytes, WebSocketOpcode.Text), FrameCode.Message),
    };

    private static byte[] BinaryBody(byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref input, int.MaxValue, out var frame));
        Assert.Equal(FrameCode.Message, frame.Code);
        Assert.True(input.IsEmpty);
        return frame.Body.ToArray();
    }

    private static byte[] JsonBody(byte[] text)
    {
        Assert.Equal(FrameReadStatus.Frame, JsonEnvelope.TryRead(text, out var frame));
        Assert.Equal(FrameCode.Message, frame.Code);
        return frame.Body.ToArray();
    }
}
