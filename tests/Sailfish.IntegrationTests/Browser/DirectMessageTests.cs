using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

public sealed class DirectMessageTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task What_was_written_to_somebody_away_is_unread_on_a_fresh_browser_then_read_once_in_order_and_answered()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var annas = await PagePerson.OpenAsync(browser, anna, fragment: $"#/messages/{bert.UserId}");
        List<string> written = [.. Enumerable.Range(1, 5).Select(n => $"message {n} 你好")];
        foreach (var content in written)
            await annas.SayAsync(content);
        await Assertions.Expect(annas.Chat.GetByText("Sent", new() { Exact = true })).ToHaveCountAsync(5);

        // Nobody of this name has been in this browser before.
        await using var berts = await PagePerson.OpenAsync(browser, Server);
        await berts.SignInAsync(bert.Name);
        await Assertions.Expect(berts.LinkOf("5 unread ?Messages")).ToBeVisibleAsync();
        await Assertions.Expect(berts.Page).ToHaveTitleAsync("(5) Sailfish");
        await berts.LinkOf("5 unread ?Messages").ClickAsync();
        var conversation = berts.Page.GetByRole(AriaRole.Link, new() { NameRegex = new($"^{anna.Name}") });
        await Assertions.Expect(conversation).ToContainTextAsync("5 unread");
        await Assertions.Expect(conversation).ToContainTextAsync(written[^1]);
        await conversation.ClickAsync();
        await Assertions.Expect(berts.Said).ToHaveTextAsync(written);
        await berts.SeesNoMoreAsync("unread");
        await Assertions.Expect(berts.Page).ToHaveTitleAsync($"{anna.Name} · Sailfish");

        await berts.SayAsync("an answer");
        await annas.SeesOnceAsync("an answer");
        await Assertions.Expect(annas.Said).ToHaveTextAsync([.. written, "an answer"]);
        await Assertions.Expect(berts.Said).ToHaveTextAsync([.. written, "an answer"]);

        // Read here, it is not unread there; but it is there.
        await using var another = await PagePerson.OpenAsync(browser, Server);
        await another.SignInAsync(bert.Name);
        await another.GoToAsync($"#/messages/{anna.UserId}");
        await Assertions.Expect(another.Said).ToHaveTextAsync([.. written, "an answer"]);
        await Assertions.Expect(another.Page.GetByRole(AriaRole.Heading, new() { Name = anna.Name })).ToBeVisibleAsync();
        await another.SeesNoMoreAsync("unread");

        // After a reload too, from this browser and from the server, nothing twice.
        await berts.Page.ReloadAsync();
        await Assertions.Expect(berts.Said).ToHaveTextAsync([.. written, "an answer"]);
        Assert.Empty(annas.Faults.Concat(berts.Faults).Concat(another.Faults));
    }

    [Fact]
    public async Task A_message_for_a_conversation_out_of_view_counts_as_unread_until_it_is_opened()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var berts = await PagePerson.OpenAsync(browser, bert, new Screen(IsPhone: true), "#/me");
        await berts.SeesAsync($"User ID {bert.UserId}");
        await using var connection = await anna.ConnectAsync();
        await connection.ChatAsync(bert.UserId, "one", "a");
        await Assertions.Expect(berts.LinkOf("1 unread ?Messages")).ToBeVisibleAsync();
        await connection.ChatAsync(bert.UserId, "two", "b");
        await berts.LinkOf("2 unread ?Messages").ClickAsync();
        await berts.LinkOf(anna.Name).ClickAsync();
        await Assertions.Expect(berts.Said).ToHaveTextAsync(["one", "two"]);
        await connection.ChatAsync(bert.UserId, "three", "c");
        await Assertions.Expect(berts.Said).ToHaveTextAsync(["one", "two", "three"]);
        await berts.Page.GetByRole(AriaRole.Link, new() { Name = "Back" }).ClickAsync();
        await Assertions.Expect(berts.LinkOf(anna.Name)).ToContainTextAsync("three");
        await berts.SeesNoMoreAsync("unread");
    }

    [Fact]
    public async Task A_long_conversation_is_read_back_page_by_page_and_what_is_in_view_stays_there()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var connection = await anna.ConnectAsync();
        for (var n = 1; n <= 120; n++)
            await connection.ChatAsync(bert.UserId, $"line {n}", $"{n}");
        for (var n = 1; n <= 120; n++)
            await connection.ReceiveAsync(Code.Receipt);

        await using var annas = await PagePerson.OpenAsync(browser, anna, fragment: $"#/messages/{bert.UserId}");
        await Assertions.Expect(annas.Said).ToHaveTextAsync(Lines(71, 120));
        foreach (var first in new[] { 21, 1 })
        {
            await annas.Chat.EvaluateAsync("log => log.scrollTop = 0");
            var before = await annas.Said.First.BoundingBoxAsync();
            var text = await annas.Said.First.TextContentAsync();
            await annas.PressAsync("Earlier messages");
            await Assertions.Expect(annas.Said).ToHaveTextAsync(Lines(first, 120));
            var after = await annas.Chat.GetByText(text!, new() { Exact = true }).BoundingBoxAsync();
            Assert.InRange(after!.Y, before!.Y - 50, before.Y + 50);
        }

        await Assertions.Expect(annas.Page.GetByText("Earlier messages")).ToHaveCountAsync(0);
        Assert.Empty(annas.Faults);
    }

    private static List<string> Lines(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(n => $"line {n}")];
}
