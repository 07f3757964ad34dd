using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Content;

/// <summary>The word list sees what people see, in everything that is shown.</summary>
public sealed class ContentCheckTests
{
    [Theory]
    [InlineData("Refuse")]
    [InlineData("Mask")]
    public async Task Every_string_that_is_shown_is_checked(string action)
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", "Content:Words:0=badword", $"Content:Action={action}");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        var shown = new JsonObject[]
        {
            new() { ["content"] = "b\u0430d\u200Bword" },
            new() { ["content"] = "c", ["senderName"] = "\uFF22adword" },
            new() { ["content"] = "c", ["title"] = "badw0rd" },
            new() { ["content"] = "c", ["deep"] = new JsonArray(1, new JsonObject { ["a"] = "such a bädword" }) },
        };
        foreach (var data in shown)
        {
            data["objectId"] = 10002;
            if (action == "Refuse")
            {
                await ann.RefusedAsync("content_refused", Code.Message, TestClient.Chat(data));
                continue;
            }

            await ann.SendAsync(Code.Message, TestClient.Chat(data));
            var got = (await bob.ReceiveAsync(Code.Message)).Text("data")!;
            Assert.Contains("*******", got, StringComparison.Ordinal);
            Assert.DoesNotContain("word", got, StringComparison.Ordinal);
            Assert.Contains("objectId", got, StringComparison.Ordinal);
        }

        Assert.Equal(shown.Length, (int)await RecordsAsync(server, shown.Length));
        // Nobody's own words: what the product's server sends.
        await server.PostAsync("api/v1/messages", new JsonObject { ["bizCode"] = 5555, ["to"] = new JsonObject { ["user"] = 10002 }, ["data"] = new JsonObject { ["content"] = "badword" } });
        Assert.Equal("badword", (await bob.ReceiveAsync(Code.Message)).Content());
    }

    [Fact]
    public async Task A_name_with_a_word_of_the_list_is_501()
    {
        await using var server = await ServerProcess.StartAsync("Content:Words:0=badword", "Content:Action=Mask");
        using var person = await PageClient.SignUpAsync(server);
        foreach (var name in new[] { "badword", "b\u0430dw0rd", "my BADWORD" })
            Assert.Equal(501, (await person.PostAsync("/account/profile", ("nickName", name))).Code);
        using var other = new PageClient(server);
        Assert.Equal(501, (await other.PostAsync("/account/register", ("name", "B\u0430dword"), ("password", PageClient.Password))).Code);
    }

    [Fact]
    public async Task A_long_text_and_many_words_hold_nobody_else_up()
    {
        var words = Enumerable.Range(0, 10_000).Select(i => $"ab{i}").Append("ab");
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "words.txt");
        await File.WriteAllLinesAsync(file, words);
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", $"Content:WordFile={file}", "Content:Action=Mask");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        var text = string.Concat(Enumerable.Repeat("ab", 2000));
        for (var i = 0; i < 20; i++)
            await ann.ChatAsync(10003, text, $"{i}");
        await bob.FlushAsync();
        await ann.ReceiptAsync("19");
        Assert.Equal(Enumerable.Repeat(new string('*', 4000), 20), (await server.WholeHistoryAsync("d:10001:10003")).Select(m => m.Content()));
    }

    private static async Task<long> RecordsAsync(ServerProcess server, int expected)
    {
        var count = 0L;
        await Wait.UntilAsync(() => (count = server.Sql("SELECT count(*) FROM risk_record", c => (long)c.ExecuteScalar()!)) >= expected, "the risk records");
        return count;
    }
}
