using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>Names and messages in Hebrew and Arabic: each reads from right to left, and what stands around it as it always does.</summary>
public sealed class RightToLeftTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    /// <summary>Where characters of an element are drawn: the first of each of those, in the order of their left edges.</summary>
    private const string DrawnOrder = """
        (element, marks) => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          const found = new Map();
          for (let node = walker.nextNode(); node; node = walker.nextNode())
            for (const mark of marks) {
              const at = node.data.indexOf(mark);
              if (at < 0 || found.has(mark)) continue;
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + 1);
              found.set(mark, range.getBoundingClientRect().left);
            }
          return [...found].sort((a, b) => a[1] - b[1]).map(([mark]) => mark).join(' ');
        }
        """;

    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData("דנה", "ד")]
    [InlineData("عمر", "ع")]
    public async Task Names_and_messages_keep_to_themselves(string name, string first)
    {
        var nick = $"{name} {PageClient.NewName()[^2..]}!";
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await viewer.OkAsync("/account/profile", ("nickName", nick));
        await using var there = await viewer.ConnectAsync(room);
        await using var person = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        await there.ChatInRoomAsync(room, $"{name}?");
        await person.SeesOnceAsync($"{name}?");
        await DrawnAsync(person.Said.First, $"? {first}");
        await DrawnAsync(person.Page.Locator(".stage .layer .text").First, $"? {first}");
        await DrawnAsync(person.Chat.Locator(".said").First, $"! {first} :");
        await OpenUserAsync(person);
        await DrawnAsync(person.Dialog.GetByRole(AriaRole.Heading), $"! {first}");
        await DrawnAsync(person.Dialog.GetByRole(AriaRole.Link), $"M ! {first}");
        await person.PressAsync("Remove from room");
        await DrawnAsync(person.Dialog.GetByRole(AriaRole.Heading), $"R ! {first} ?");
        await person.PressAsync("Cancel");
        await person.PressAsync("Mute for 10 min");
        await DrawnAsync(person.Page.GetByText("is muted."), $"! {first} i .");

        await there.ChatAsync(anchor.UserId, $"{name}?", "a");
        await person.GoToAsync($"#/messages/{viewer.UserId}");
        await person.SeesOnceAsync($"{name}?");
        await DrawnAsync(person.Said.First, $"? {first}");
        await DrawnAsync(person.Page.Locator(".talk h2"), $"! {first}");
        var listed = person.Page.Locator(".item");
        await DrawnAsync(listed.Locator("strong"), $"! {first}");
        await DrawnAsync(listed.Locator(".line").Last, $"? {first}");
        await person.SayAsync($"{name}?");
        await Assertions.Expect(listed).ToContainTextAsync("You:");
        await DrawnAsync(listed.Locator(".line").Last, $"Y : ? {first}");
        // Beside each other as with any other name: the name, then the time at the end of the line.
        Assert.True(await listed.EvaluateAsync<bool>(
            "item => item.querySelector('strong bdi').getBoundingClientRect().left - item.querySelector('.words').getBoundingClientRect().left < 2"));
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Rooms_and_records_of_such_a_name_look_like_any_other()
    {
        const string First = "ש";
        using var anchor = await PageClient.SignUpAsync(Server, vip: true);
        await anchor.OkAsync("/account/profile", ("nickName", "שירה!"));
        var room = await anchor.StartAsync();
        // The name that a card has beside the room's.
        await anchor.OkAsync("/account/profile", ("nickName", "שירה?"));
        await using var person = await PagePerson.OpenAsync(browser, anchor);
        var card = person.Page.Locator($"a.room[href='#/room/{room}']");
        await DrawnAsync(card.GetByRole(AriaRole.Heading), $"! {First}");
        await DrawnAsync(card.Locator("p"), $"w ? {First}");
        await person.GoToAsync($"#/room/{room}");
        await DrawnAsync(person.Page.Locator("main h1"), $"! {First}");
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        await person.GoToAsync("#/me");
        await DrawnAsync(person.Page.Locator("td.room"), $"! {First}");
        await Assertions.Expect(person.Page.GetByLabel("Nickname")).ToHaveCSSAsync("direction", "rtl");
        Assert.Empty(person.Faults);
    }

    private static async Task OpenUserAsync(PagePerson person) =>
        await person.Chat.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Options for") }).First.ClickAsync();

    /// <param name="element">One that is shown, or will be.</param>
    /// <param name="order">Characters of its text, from left to right.</param>
    private static async Task DrawnAsync(ILocator element, string order)
    {
        await Assertions.Expect(element).ToBeVisibleAsync();
        // What stands there until the room is known is shown too.
        var drawn = "";
        await Wait.UntilAsync(
            async () => (drawn = await element.EvaluateAsync<string>(DrawnOrder, order.Split(' '))) == order, Wait.Limit, () => $"{order}, it is {drawn}");
    }
}
