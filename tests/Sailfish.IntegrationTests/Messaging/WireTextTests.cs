using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Messaging;

/// <summary>What text costs on the wire, and how much of it there may be.</summary>
public sealed class WireTextTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    /// <summary>Everything that JSON's writers like to escape, and must not.</summary>
    private const string Text = "😀👨‍👩‍👧𠮷\u2028\u2029\u007Fé中<>&'+\uFFFF";

    private readonly ServerProcess _server = fixture.Server;
    private readonly long _ann = TestIds.NewUser();
    private readonly long _bob = TestIds.NewUser();

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.WebSocketBinary)]
    [InlineData(Transport.WebSocketJson)]
    [InlineData(Transport.WebSocketLegacy)]
    public async Task A_character_costs_its_UTF8_bytes_in_pushes_and_in_SYNC(Transport transport)
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann, Transport.WebSocketJson);
        await using var bob = await TestClient.LogInAsync(_server, _bob, transport);
        var raw = Encoding.UTF8.GetBytes($"{Text}\\\\\\\"");
        await ann.SendAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = Text + "\"", ["objectId"] = _bob, [Text] = Text }));
        var got = await bob.ReceiveAsync(Code.Message);
        Assert.Equal(Text + "\"", got.Content());
        Assert.Equal(Text, got.Data[Text]!.GetValue<string>());
        Assert.True(bob.LastBody.AsSpan().IndexOf(raw) > 0, Encoding.UTF8.GetString(bob.LastBody));

        await bob.SyncAsync();
        Assert.True(bob.LastBody.AsSpan().IndexOf(raw) > 0, Encoding.UTF8.GetString(bob.LastBody));
    }

    [Fact]
    public async Task A_character_costs_its_UTF8_bytes_in_the_answers_of_the_API_and_the_page()
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await ann.ChatAndReceiptAsync(_bob, Text);
        Assert.Contains(Text, await _server.Http.GetStringAsync($"api/v1/conversations/{MessagingSteps.Direct(_ann, _bob)}/messages"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("中")]
    [InlineData("😀")]
    [InlineData("\u2028")]
    [InlineData("\u007F")]
    public async Task The_largest_message_is_the_same_number_of_bytes_whatever_it_says(string character)
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        // 4,000 characters of one kind leave room for what else there is: together they are more than fits.
        var content = string.Concat(Enumerable.Repeat(character, 4000));
        var low = 0;
        var high = 59_392;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var count = middle / Encoding.UTF8.GetByteCount(character);
            var pad = string.Concat(Enumerable.Repeat(character, count));
            // By hand, for this framework's writers escape what the test is about.
            var body = $$"""{"bizCode":5555,"clientMsgId":"{{middle}}","data":"{\"content\":\"{{content}}\",\"objectId\":{{_bob}},\"pad\":\"{{pad}}\"}"}""";
            await ann.SendRawAsync(ann.Encode(Code.Message, body));
            if ((await ann.ReceiveAsync()).Code == Code.Receipt)
                low = middle;
            else
                high = middle;
        }

        // What bounds it is what stands beside the content, or the whole: both in bytes.
        var whole = low + Encoding.UTF8.GetByteCount(content);
        Assert.InRange(Math.Min(55_000 - low, 59_392 - whole), 0, 400);
    }

    [Fact]
    public async Task What_stands_beside_the_content_is_bounded_in_bytes()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        static string Data(int bytes, string content)
        {
            // The two members and their punctuation take 27 bytes; white space and escapes do not count.
            var emoji = string.Concat(Enumerable.Repeat("😀", (bytes - 27) / 4)) + new string('\u0041', (bytes - 27) % 4);
            return $$"""{ "objectId" : 10002, "content": "{{content}}", "pad" : "{{emoji}}" }""".Replace("😀", "\\uD83D\\uDE00", StringComparison.Ordinal);
        }

        foreach (var content in new[] { "c", new string('中', 4000) })
        {
            await ann.SendAsync(Code.Message, new JsonObject { ["bizCode"] = 5555, ["data"] = Data(4096, content), ["clientMsgId"] = content[..1] });
            await ann.ReceiptAsync(content[..1]);
            await ann.RefusedAsync("bad_data", Code.Message, new JsonObject { ["bizCode"] = 5555, ["data"] = Data(4097, content) });
        }

        // The product's own server is not bound by it.
        await server.PostAsync("api/v1/messages", new JsonObject
        {
            ["bizCode"] = 5555,
            ["to"] = new JsonObject { ["user"] = 10002 },
            ["data"] = new JsonObject { ["content"] = "c", ["pad"] = new string('x', 7000) },
        });
    }
}
