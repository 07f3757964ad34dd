using System.Text.Json.Nodes;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.Tests.Server.Messaging;

public sealed class MessageDataTests
{
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, 10001, 10002);

    [Fact]
    public void Stamps_take_the_place_of_what_the_sender_claimed()
    {
        var stamped = Stamp(
            """{"userId":1,"senderId":2,"objectId":3,"roomId":4,"senderName":"x","senderAvatar":"y","createTime":5,"content":"c","\u0075serId":6}""",
            new MessageStamp(Direct, 10002, "hello", "Ann", null),
            99);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"content":"hello","userId":10002,"senderId":10002,"objectId":10001,"senderName":"Ann","createTime":99}"""), stamped));
    }

    [Fact]
    public void In_a_room_there_is_a_room_and_no_single_receiver()
    {
        var stamped = Stamp("""{"content":"c","objectId":10005,"senderId":5}""", new MessageStamp(ConversationKey.Room(1, 7), 10002, null, null, "a"), 9);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"content":"c","userId":10002,"roomId":7,"senderAvatar":"a","createTime":9}"""), stamped));
    }

    [Fact]
    public void Other_members_pass_as_they_are()
    {
        const string Members = """{"type":3,"big":123456789012345678901234567890,"exact":1.10,"deep":{"a":[1,null,true,{"b":""}]},"旗":"🐟 \u0001 </script> \"","":1}""";
        var stamped = MessageData.Parse(Members)!.Stamp(new MessageStamp(Direct, 10001, "c", null, null), 9);
        Assert.Contains("123456789012345678901234567890", stamped);
        Assert.Contains("1.10", stamped);
        var parsed = JsonNode.Parse(stamped)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(Members)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, parsed[name]), name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"{}\"")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"a":[{"b":"\ud800x"}]}""")]
    public void What_is_no_JSON_object_of_Unicode_text_is_no_data(string? data)
    {
        Assert.Null(MessageData.Parse(data));
    }

    [Theory]
    [InlineData("""{"content":"a\u0000b"}""", true)]
    [InlineData("""{"\u0000":1}""", true)]
    [InlineData("""{"a":[{"b":[null,"x\\\u0000"]}]}""", true)]
    [InlineData("""{"content":"a\\u0000b"}""", false)]
    [InlineData("""{"content":"\u0001\u00001"}""", true)]
    [InlineData("""{"content":"\u0001"}""", false)]
    public void U0000_is_found_wherever_it_stands(string data, bool hasNul) => Assert.Equal(hasNul, MessageData.Parse(data)!.HasNul);

    [Theory]
    [InlineData("""{"objectId":1}""", 14)]
    [InlineData("""{ "objectId" : 1 , "content" : "whatever it says" }""", 14)]
    [InlineData("""{"content":"x"}""", 2)]
    [InlineData("""{"a":"\ud83d\ude00\u00e9"}""", 14)]
    [InlineData("""{"a":"\u2028\/","content":"c","content":"d"}""", 12)]
    [InlineData("""{"a":{"content":"counts"}}""", 26)]
    [InlineData("""{"b":[1, 2.50,"x\n"]}""", 20)]
    public void What_stands_beside_the_content_is_counted_in_bytes_of_compact_JSON(string data, int bytes)
    {
        var parsed = MessageData.Parse(data)!;
        Assert.True(parsed.HasExtraOfAtMost(bytes));
        Assert.False(parsed.HasExtraOfAtMost(bytes - 1));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_data()
    {
        Assert.Null(MessageData.Parse("{\"a\":\"" + '\ud800' + "\"}"));
        Assert.NotNull(MessageData.Parse("""{"a":"\ud83d\udc1f \\ud800"}"""));
    }

    [Fact]
    public void Data_nested_too_deep_is_no_data()
    {
        Assert.NotNull(MessageData.Parse(Nested(60)));
        Assert.Null(MessageData.Parse(Nested(70)));
        Assert.Null(MessageData.Parse(Nested(10_000)));
    }

    [Theory]
    [InlineData("""{"objectId":10002}""", 10002L)]
    [InlineData("""{"objectId":"10002"}""", 10002L)]
    [InlineData("""{"objectId":null}""", null)]
    [InlineData("{}", null)]
    [InlineData("""{"objectId":10002.0}""", 0L)]
    [InlineData("""{"objectId":"+10002"}""", 0L)]
    [InlineData("""{"objectId":" 10002"}""", 0L)]
    [InlineData("""{"objectId":"\ud800"}""", 0L)]
    [InlineData("""{"objectId":[10002]}""", 0L)]
    [InlineData("""{"objectId":99999999999999999999}""", 0L)]
    [InlineData("""{"objectId":true}""", 0L)]
    public void An_id_is_a_number_or_digits(string data, long? id)
    {
        if (MessageData.Parse(data) is { } parsed)
            Assert.Equal(id, parsed.ObjectId);
        else
            Assert.Equal(0L, id);
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static JsonNode? Stamp(string data, MessageStamp stamp, long time) => JsonNode.Parse(MessageData.Parse(data)!.Stamp(stamp, time));
}
