using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Messaging;

/// <summary>What a MESSAGE may look like; each refusal leaves the connection open and nothing stored.</summary>
public sealed class ValidationTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private readonly ServerProcess _server = fixture.Server;
    private readonly long _ann = TestIds.NewUser();
    private readonly long _bob = TestIds.NewUser();

    [Fact]
    public async Task What_is_malformed_is_refused_by_name_and_nothing_is_stored()
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        var room = TestIds.NewRoom();
        async Task RefusedAsync(string error, JsonObject data, int bizCode = 5555)
        {
            var refusal = await ann.RefusedAsync(error, Code.Message, TestClient.Chat(data, "key", bizCode));
            Assert.Equal("key", refusal.Text("clientMsgId"));
            Assert.NotEmpty(refusal.Text("message")!);
        }

        foreach (var id in new JsonNode[] { _ann, 0, -1, 9999, 1.5, "x", "", true, 9_007_199_254_740_992, new JsonArray(_bob) })
            await RefusedAsync("bad_target", new JsonObject { ["content"] = "c", ["objectId"] = id.DeepClone() });
        foreach (var id in new JsonNode[] { 0, -1, 1.5, "x", false, 9_007_199_254_740_992 })
            await RefusedAsync("bad_target", new JsonObject { ["content"] = "c", ["roomId"] = id.DeepClone() });
        await RefusedAsync("bad_target", new JsonObject { ["content"] = "c" });
        await RefusedAsync("bad_target", new JsonObject { ["content"] = "c", ["objectId"] = _bob, ["roomId"] = room });
        await RefusedAsync("not_joined", new JsonObject { ["content"] = "c", ["roomId"] = room });
        foreach (var content in new JsonNode?[] { null, "", 5, new JsonObject(), new string('x', 4001), string.Concat(Enumerable.Repeat("🐟", 4001)) })
            await RefusedAsync("bad_content", new JsonObject { ["content"] = content?.DeepClone(), ["objectId"] = _bob });
        await RefusedAsync("bad_content", new JsonObject { ["objectId"] = _bob });
        foreach (var bizCode in new[] { 0, -1, 5556, 5570, int.MaxValue })
            await RefusedAsync("unknown_biz_code", new JsonObject { ["content"] = "c", ["objectId"] = _bob }, bizCode);

        var good = new JsonObject { ["content"] = "c", ["objectId"] = _bob };
        foreach (var key in new[] { "", new string('k', 65), "nul \0", string.Concat(Enumerable.Repeat("🐟", 65)) })
            Assert.Null((await ann.RefusedAsync("bad_client_msg_id", Code.Message, TestClient.Chat(good, key))).Text("clientMsgId"));
        await ann.SendRawAsync(TestClient.EncodeBinary(Code.Message, """{"bizCode":5555,"clientMsgId":"half \ud83d","data":"{}"}"""u8));
        Assert.Equal("bad_client_msg_id", (await ann.ReceiveAsync(Code.Error)).Text("error"));
        var deep = string.Concat(Enumerable.Repeat("[", 10_000)) + new string(']', 10_000);
        foreach (var data in new[] { "", "x", "[]", "null", "{} {}", "{\"content\":\"c\",}", $$"""{"content":"c","objectId":{{_bob}},"deep":{{deep}}}""", $$"""{"content":"c","objectId":{{_bob}},"half":"\ud800"}""" })
            await ann.RefusedAsync("bad_data", Code.Message, new JsonObject { ["bizCode"] = 5555, ["data"] = data });
        await ann.RefusedAsync("bad_data", Code.Message, new JsonObject { ["bizCode"] = 5555 });
        await ann.RefusedAsync("bad_data", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "c", ["objectId"] = _bob, ["pad"] = new string('x', 65_000) }));
        foreach (var data in new[] { """{"content":"a\u0000","objectId":1}""", """{"content":"c","\u0000":1}""", """{"content":"c","deep":[{"a":["\u0000"]}]}""" })
            await ann.RefusedAsync("bad_body", Code.Message, new JsonObject { ["bizCode"] = 5555, ["data"] = data });
        foreach (var (member, value) in new (string, JsonNode)[] { ("data", good), ("data", 5), ("bizCode", "x"), ("bizCode", 1.5), ("clientMsgId", 5), ("seq", "x") })
        {
            var body = TestClient.Chat(good);
            body[member] = value.DeepClone();
            await ann.RefusedAsync("bad_body", Code.Message, body);
        }

        Assert.Empty(await ann.FlushAsync());
        Assert.Empty(await _server.HistoryAsync(MessagingSteps.Direct(_ann, _bob)));
        Assert.Empty(await _server.HistoryAsync($"r:{room}"));
    }

    [Fact]
    public async Task Ids_may_be_strings_and_limits_are_inclusive()
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        foreach (var content in new[] { "x", new string('x', 4000), string.Concat(Enumerable.Repeat("🐟", 4000)) })
        {
            // The longest key, and the shortest.
            var key = content.Length == 1 ? "k" : $"{content[..1] == "x"} {content.Length}".PadRight(64, 'k');
            await ann.SendAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = content, ["objectId"] = _bob.ToString() }, key));
            await ann.ReceiptAsync(key);
            var message = await bob.ReceiveAsync();
            Assert.Equal(content, message.Content());
            Assert.Equal(_bob, message.Data["objectId"]!.GetValue<long>());
        }

        var room = TestIds.NewRoom();
        await ann.SendAsync(Code.Join, new JsonObject { ["roomId"] = room.ToString() });
        Assert.Equal(room, (await ann.ReceiveAsync(Code.Join)).Number("roomId"));
        await bob.JoinAsync(room);
        await ann.SendAsync(Code.Message, new JsonObject { ["bizCode"] = "5555", ["data"] = $$"""{"content":"c","roomId":"{{room}}","objectId":null}""" });
        Assert.Equal(room, (await bob.ReceiveAsync(Code.Message)).Data["roomId"]!.GetValue<long>());
    }

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.WebSocketJson)]
    [InlineData(Transport.WebSocketLegacy)]
    public async Task Any_text_and_any_other_members_arrive_as_they_were_sent(Transport transport)
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann, transport);
        await using var bob = await TestClient.LogInAsync(_server, _bob, transport);
        string[] texts =
        [
            "<script>alert('x')</script> & \"quotes\" \\ / \u2028 \u2029",
            "旗鱼 日本語 العربية עברית हिन्दी ไทย",
            "👩‍👩‍👧‍👦 🏳️‍🌈 🇨🇭 e\u0301 \u200d\u200b\ufeff \u202e",
            "\u0001\\u0000\u001f\u007f\u0080 \t\r\n",
            "\uffff\ufffe\ue000 \U0010ffff",
            "{\"userId\":1}",
        ];
        foreach (var text in texts)
        {
            var data = new JsonObject
            {
                ["content"] = text,
                ["objectId"] = _bob,
                ["type"] = 3,
                [text] = new JsonObject { ["deep"] = new JsonArray(1, null, true, text), ["userId"] = 1 },
                ["big"] = JsonNode.Parse("12345678901234567890.5"),
                ["nothing"] = null,
                [""] = "empty name",
            };
            await ann.SendAsync(Code.Message, TestClient.Chat(data));
            var got = (await bob.ReceiveAsync(Code.Message)).Data;
            foreach (var (name, value) in data)
                Assert.True(JsonNode.DeepEquals(value, got[name]), $"{name} is {got[name]?.ToJsonString()}");
        }

        var stored = await _server.WholeHistoryAsync(MessagingSteps.Direct(_ann, _bob));
        Assert.Equal(texts, stored.Select(m => m.Content()));
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"content\":\"\\ud800\"}")]
    [InlineData("\"{\\\"content\\\":\\\"\\\\ud800\\\"}\"")]
    [InlineData("5")]
    [InlineData("{\"content\":\"\\u0000\"}")]
    [InlineData("\"{\\\"a\\u005cu0000\\\":1}\"")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    public async Task The_API_refuses_data_that_is_no_object_of_text(string data)
    {
        using var body = new StringContent($$"""{"bizCode":5555,"to":{"user":{{_bob}}},"data":{{data}}}""", Encoding.UTF8, "application/json");
        using var response = await _server.Http.PostAsync("api/v1/messages", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await _server.UnackedAsync(_bob));
    }
}
