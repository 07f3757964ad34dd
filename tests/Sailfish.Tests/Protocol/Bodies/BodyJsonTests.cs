using System.Buffers;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Tests.Protocol.Bodies;

public sealed class BodyJsonTests
{
    [Theory]
    [InlineData("10001", 10_001)]
    [InlineData("\"10001\"", 10_001)]
    [InlineData("9007199254740991", 9_007_199_254_740_991)]
    [InlineData("\"9007199254740991\"", 9_007_199_254_740_991)]
    [InlineData("\"\\u0031\\u0030\"", 10)]
    [InlineData("-1", -1)]
    public void Id_as_number_or_string_is_read_and_written_as_number(string written, long expected)
    {
        var body = Read($$"""{"userId":{{written}},"appId":{{written}} }""", BodyJson.Wire.LoginRequest);
        Assert.Equal(expected, body.UserId);
        Assert.Equal(expected, body.AppId);
        Assert.Equal($$"""{"userId":{{expected}},"appId":{{expected}}}""", Write(body, BodyJson.Wire.LoginRequest));
    }

    [Fact]
    public void Room_id_and_seqs_as_strings_are_read()
    {
        Assert.Equal(77, Read("""{"roomId":"77","history":"5"}""", BodyJson.Wire.RoomRequest).RoomId);
        Assert.Equal(5, Read("""{"roomId":"77","history":"5"}""", BodyJson.Wire.RoomRequest).History);
        Assert.Equal(9, Read("""{"conversation":"r:1","seq":"9"}""", BodyJson.Wire.AckBody).Seq);
        Assert.Equal(3, Read("""{"after":{"r:1":"3"}}""", BodyJson.Wire.SyncRequest).After!["r:1"]);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"abc\"")]
    [InlineData("\" 10001\"")]
    [InlineData("\"10001 \"")]
    [InlineData("\"10001\\u0000\"")]
    [InlineData("\"1.5\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"9223372036854775808\"")]
    [InlineData("9223372036854775808")]
    [InlineData("1.5")]
    [InlineData("1e400")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void Id_of_another_shape_is_refused(string written)
    {
        AssertRefused($$"""{"userId":{{written}} }""", BodyJson.Wire.LoginRequest);
    }

    [Theory]
    [InlineData("""{"token":5}""")]
    [InlineData("""{"token":{}}""")]
    [InlineData("""{"deviceId":["a"]}""")]
    [InlineData("""{"protocol":"two"}""")]
    [InlineData("""{"protocol":4294967298}""")]
    [InlineData("""{"platform":false}""")]
    public void Login_member_of_another_type_is_refused(string text)
    {
        AssertRefused(text, BodyJson.Wire.LoginRequest);
    }

    [Fact]
    public void Member_of_another_type_is_refused_in_every_body()
    {
        AssertRefused("""{"msgId":7}""", BodyJson.Wire.AckBody);
        AssertRefused("""{"msgId":7}""", BodyJson.Wire.MessageBody);
        AssertRefused("""{"data":{"content":"a"}}""", BodyJson.Wire.MessageBody);
        AssertRefused("""{"bizCode":5555.5}""", BodyJson.Wire.MessageBody);
        AssertRefused("""{"after":[]}""", BodyJson.Wire.SyncRequest);
        AssertRefused("""{"after":{"r:1":{}}}""", BodyJson.Wire.SyncRequest);
        AssertRefused("""{"after":{"r:1":null}}""", BodyJson.Wire.SyncRequest);
        AssertRefused("""{"roomId":[]}""", BodyJson.Wire.RoomRequest);
        AssertRefused("""{"roomId":1,"viewers":"x"}""", BodyJson.Wire.RoomReply);
        AssertRefused("""{"messages":{}}""", BodyJson.Wire.SyncReply);
        AssertRefused("""{"more":1}""", BodyJson.Wire.SyncReply);
        AssertRefused("""{"reconnect":"true"}""", BodyJson.Wire.ByeBody);
        AssertRefused("""{"rooms":{"1":[]}}""", BodyJson.Wire.SessionReply);
        AssertRefused("""{"seq":null}""", BodyJson.Wire.ReceiptBody);
        AssertRefused("""{"retryAfterMs":"soon"}""", BodyJson.Wire.ErrorBody);
    }

    [Fact]
    public void Unknown_members_and_other_orders_change_nothing()
    {
        var expected = new LoginRequest { Token = "t", UserId = 10_001, AppId = 5, DeviceId = "d", Protocol = 2, Platform = "web" };
        Assert.Equal(expected, Read(
            """{"token":"t","userId":10001,"appId":5,"deviceId":"d","protocol":2,"platform":"web"}""",
            BodyJson.Wire.LoginRequest));
        Assert.Equal(expected, Read(
            """ {"x":[{"userId":1}],"platform":"web","protocol":2,"UserId":3,"appId":5,"":0,"userId":10001,"token":"t","deviceId":"d","y":null} """,
            BodyJson.Wire.LoginRequest));
    }

    [Fact]
    public void Empty_object_leaves_every_member_at_its_default()
    {
        Assert.Equal(new LoginRequest(), Read("{}", BodyJson.Wire.LoginRequest));
        Assert.Equal(new MessageBody(), Read("{}", BodyJson.Wire.MessageBody));
        Assert.Equal(new AckBody(), Read("{}", BodyJson.Wire.AckBody));
        Assert.Equal(new SyncRequest(), Read("{}", BodyJson.Wire.SyncRequest));
        Assert.Equal(new RoomRequest(), Read("{}", BodyJson.Wire.RoomRequest));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{}{}")]
    [InlineData("{},")]
    [InlineData("{}x")]
    [InlineData("{}\0")]
    [InlineData("{,}")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a"}""")]
    [InlineData("""{a:1}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":"\x"}""")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("/* */{}")]
    [InlineData("\uFEFF{}")]
    public void Not_one_JSON_object_is_refused_as_body_and_as_object(string text)
    {
        AssertRefused(text, BodyJson.Wire.LoginRequest);
        AssertRefused(text, BodyJson.Wire.SyncReply);
        foreach (var body in Sequences.EveryCut(Encoding.UTF8.GetBytes(text)))
            Assert.False(BodyJson.IsObject(body));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(" \t\r\n{ } \n")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":[{"b":[null,true,-1.5e-3,"\ud83d\ude00"]}],"":{}}""")]
    public void One_JSON_object_is_an_object_however_it_is_cut(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var body in Sequences.EveryCut(bytes))
            Assert.True(BodyJson.IsObject(body));
        Assert.True(BodyJson.IsObject(Sequences.ByteByByte(bytes)));
    }

    [Fact]
    public void Nesting_up_to_sixty_four_levels_is_taken()
    {
        var text = Nested(64);
        Assert.True(BodyJson.IsObject(Bytes(text)));
        Assert.True(BodyJson.TryRead(Bytes(text), BodyJson.Wire.LoginRequest, out _));
    }

    [Theory]
    [InlineData(65)]
    [InlineData(10_000)]
    public void Deeper_nesting_is_refused_without_an_exception(int depth)
    {
        Assert.False(BodyJson.IsObject(Bytes(Nested(depth))));
        AssertRefused(Nested(depth), BodyJson.Wire.LoginRequest);
        AssertRefused(Nested(depth), BodyJson.Wire.MessageBody);
        AssertRefused($$"""{"after":{{Nested(depth)}} }""", BodyJson.Wire.SyncRequest);
        AssertRefused($$"""{"messages":[{{Nested(depth)}}]}""", BodyJson.Wire.SyncReply);
    }

    [Theory]
    [InlineData("C0AF")]
    [InlineData("FF")]
    [InlineData("80")]
    [InlineData("E282")]
    [InlineData("EDA080")]
    [InlineData("F4908080")]
    [InlineData("5C6EFF")]
    public void Text_that_is_not_UTF8_is_refused(string hex)
    {
        var bad = Convert.FromHexString(hex);
        AssertRefused([.. "{\"data\":\""u8, .. bad, .. "\"}"u8], BodyJson.Wire.MessageBody);
        AssertRefused([.. "{\"token\":\""u8, .. bad, .. "\"}"u8], BodyJson.Wire.LoginRequest);
        AssertRefused([.. "{\"after\":{\""u8, .. bad, .. "\":1}}"u8], BodyJson.Wire.SyncRequest);
        AssertRefused([.. "{\"userId\":"u8, .. bad, .. "}"u8], BodyJson.Wire.LoginRequest);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00")]
    [InlineData("a\\ud83db")]
    [InlineData("\\ud83d\\n")]
    public void Half_a_surrogate_pair_is_refused(string escape)
    {
        AssertRefused($$"""{"data":"{{escape}}"}""", BodyJson.Wire.MessageBody);
        AssertRefused($$$"""{"after":{"{{{escape}}}":1}}""", BodyJson.Wire.SyncRequest);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_an_ignored_name_raises_nothing()
    {
        Assert.True(BodyJson.IsObject(Bytes("""{"\ud800":1}""")));
        Assert.Null(Record.Exception(() =>
            BodyJson.TryRead(Bytes("""{"\ud800":1,"token":"t"}"""), BodyJson.Wire.LoginRequest, out _)));
    }

    [Fact]
    public void Any_content_comes_back_however_it_is_cut()
    {
        Properties.Hold(Texts.Any, text =>
        {
            var message = new MessageBody
            {
                AppId = 10_001,
                UserId = 9_007_199_254_740_991,
                BizCode = BizCodes.Chat,
                Data = text,
                MsgId = text,
                ClientMsgId = text,
                Conversation = text,
                Seq = 7,
                Time = 1_750_000_000_000,
            };
            var bytes = BodyJson.ToBytes(message, BodyJson.Wire.MessageBody);
            foreach (var body in new[] { new ReadOnlySequence<byte>(bytes), Sequences.ByteByByte(bytes), Sequences.InLengths(bytes, 3, 1, 7) })
            {
                Assert.True(BodyJson.IsObject(body));
                Assert.True(BodyJson.TryRead(body, BodyJson.Wire.MessageBody, out var read));
                Assert.Equal(message, read);
            }
        });
    }

    [Fact]
    public void Null_members_are_not_written()
    {
        Assert.Equal("""{"roomId":5}""", Write(new RoomReply { RoomId = 5 }, BodyJson.Wire.RoomReply));
        Assert.Equal("""{"roomId":5}""", Write(new RoomRequest { RoomId = 5 }, BodyJson.Wire.RoomRequest));
        Assert.Equal("{}", Write(new AckBody(), BodyJson.Wire.AckBody));
        Assert.Equal("{}", Write(new SyncRequest(), BodyJson.Wire.SyncRequest));
        Assert.Equal("""{"messages":[],"more":false}""", Write(new SyncReply(), BodyJson.Wire.SyncReply));
        Assert.Equal("""{"seq":0,"time":0}""", Write(new ReceiptBody(), BodyJson.Wire.ReceiptBody));
        Assert.Equal("""{"appId":0,"userId":0,"bizCode":0}""", Write(new MessageBody(), BodyJson.Wire.MessageBody));
        Assert.Equal(
            """{"error":"bad_room","message":"No."}""",
            Write(new ErrorBody { Error = ErrorWords.BadRoom, Message = "No." }, BodyJson.Wire.ErrorBody));
        Assert.Equal(
            """{"reason":"idle","reconnect":true}""",
            Write(ByeBody.Of(ByeReason.Idle), BodyJson.Wire.ByeBody));
        Assert.Equal(
            """{"appId":1,"userId":10001,"data":"true"}""",
            Write(new SessionReply { AppId = 1, UserId = 10_001 }, BodyJson.Wire.SessionReply));
    }

    [Fact]
    public void Full_bodies_have_the_contracts_members_and_come_back()
    {
        AssertWritten(
            """{"appId":1,"userId":10001,"data":"true","connectionId":"c","heartbeatSeconds":30,"rooms":{"7":2}}""",
            new SessionReply { AppId = 1, UserId = 10_001, ConnectionId = "c", HeartbeatSeconds = 30, Rooms = new Dictionary<string, int> { ["7"] = 2 } },
            BodyJson.Wire.SessionReply);
        AssertWritten(
            """{"clientMsgId":"k","msgId":"m","conversation":"d:1:2","seq":3,"time":4}""",
            new ReceiptBody { ClientMsgId = "k", MsgId = "m", Conversation = "d:1:2", Seq = 3, Time = 4 },
            BodyJson.Wire.ReceiptBody);
        AssertWritten(
            """{"error":"muted","message":"Wait.","clientMsgId":"k","retryAfterMs":5,"conversation":"r:1","roomId":1}""",
            new ErrorBody { Error = ErrorWords.Muted, Message = "Wait.", ClientMsgId = "k", RetryAfterMs = 5, Conversation = "r:1", RoomId = 1 },
            BodyJson.Wire.ErrorBody);
        AssertWritten(
            """{"messages":[{"appId":1,"userId":2,"bizCode":3,"data":"{}"}],"more":true,"truncated":true,"firstSeq":{"r:1":9}}""",
            new SyncReply
            {
                Messages = [new MessageBody { AppId = 1, UserId = 2, BizCode = 3, Data = "{}" }],
                More = true,
                Truncated = true,
                FirstSeq = new Dictionary<string, long> { ["r:1"] = 9 },
            },
            BodyJson.Wire.SyncReply);
        AssertWritten(
            """{"after":{"d:10001:10002":4,"r:1":9007199254740991},"limit":500}""",
            new SyncRequest { After = new Dictionary<string, long> { ["d:10001:10002"] = 4, ["r:1"] = 9_007_199_254_740_991 }, Limit = 500 },
            BodyJson.Wire.SyncRequest);
        AssertWritten(
            """{"roomId":1,"conversation":"r:1","seq":0,"viewers":1,"reason":"removed"}""",
            new RoomReply { RoomId = 1, Conversation = "r:1", Seq = 0, Viewers = 1, Reason = "removed" },
            BodyJson.Wire.RoomReply);
        AssertWritten(
            """{"roomId":1,"history":0}""", new RoomRequest { RoomId = 1, History = 0 }, BodyJson.Wire.RoomRequest);
        AssertWritten(
            """{"msgId":"m","conversation":"r:1","seq":2}""",
            new AckBody { MsgId = "m", Conversation = "r:1", Seq = 2 },
            BodyJson.Wire.AckBody);
        AssertWritten(
            """{"reason":"draining","reconnect":true,"afterMs":250}""",
            ByeBody.Of(ByeReason.Draining, afterMs: 250),
            BodyJson.Wire.ByeBody);
    }

    [Fact]
    public void Letters_quotes_and_markup_are_written_compactly()
    {
        var message = new MessageBody { Data = """{"content":"Привет 你好 é <b>&'+`/"}""" };
        Assert.Equal(
            """{"appId":0,"userId":0,"bizCode":0,"data":"{\"content\":\"Привет 你好 é <b>&'+`/\"}"}""",
            Write(message, BodyJson.Wire.MessageBody));
    }

    [Fact]
    public void Control_characters_and_backslashes_are_escaped()
    {
        var message = new AckBody { MsgId = "\0\t\n\r\u001F\\" };
        Assert.Equal("""{"msgId":"\u0000\t\n\r\u001F\\"}""", Write(message, BodyJson.Wire.AckBody));
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"n\":", depth - 1)) + "{}" + new string('}', depth - 1);

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Write<T>(T body, JsonTypeInfo<T> type) => Encoding.UTF8.GetString(BodyJson.ToBytes(body, type));

    private static T Read<T>(string text, JsonTypeInfo<T> type)
        where T : class
    {
        Assert.True(BodyJson.TryRead(Bytes(text), type, out var whole));
        Assert.True(BodyJson.TryRead(Sequences.ByteByByte(Encoding.UTF8.GetBytes(text)), type, out var parts));
        Assert.Equal(Write(whole, type), Write(parts, type));
        return whole;
    }

    private static void AssertWritten<T>(string expected, T body, JsonTypeInfo<T> type)
        where T : class
    {
        Assert.Equal(expected, Write(body, type));
        Assert.Equal(expected, Write(Read(expected, type), type));
    }

    private static void AssertRefused<T>(string text, JsonTypeInfo<T> type)
        where T : class => AssertRefused(Encoding.UTF8.GetBytes(text), type);

    private static void AssertRefused<T>(byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        foreach (var body in new[] { new ReadOnlySequence<byte>(bytes), Sequences.InLengths(bytes, 1, 2, 5) })
        {
            Assert.False(BodyJson.TryRead(body, type, out var value));
            Assert.Null(value);
        }
    }
}
