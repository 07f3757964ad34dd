using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

public sealed class HomeTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task All_rooms_come_as_one_scrolls_each_once_newest_first_and_duels_that_nobody_can_open_do_not()
    {
        await using var server = await ServerProcess.StartAsync(ForBrowsers.Settings);
        const int count = 30;
        List<long> rooms = [];
        for (var n = 0; n < count; n++)
        {
            using var anchor = await PageClient.SignUpAsync(server, vip: true);
            rooms.Insert(0, await anchor.StartAsync());
        }

        var (duellist, _) = await PageClient.GoLiveAsync(server, type: 2);
        using var __ = duellist;
        await using var visitor = await PagePerson.OpenAsync(browser, server, isOnPhone: true);
        var cards = visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Open rooms" }).GetByRole(AriaRole.Link);
        await Assertions.Expect(cards.First).ToBeVisibleAsync();
        Assert.InRange(await cards.CountAsync(), 1, count - 1);
        await Wait.UntilAsync(
            async () =>
            {
                await visitor.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
                return await visitor.Page.GetByText("You have seen all the rooms").IsVisibleAsync();
            },
            "the end of the list");
        var shown = await cards.EvaluateAllAsync<string[]>("cards => cards.map((card) => card.hash)");
        Assert.Equal(rooms.Select(id => $"#/room/{id}"), shown);
        await visitor.SeesNoMoreAsync("PK");
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task The_room_with_most_viewers_stands_first_and_a_search_finds_titles()
    {
        const string word = "regatta";
        var (anchor, full) = await PageClient.GoLiveAsync(Server);
        var (other, newer) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var __ = other;
        foreach (var (client, room) in new[] { (anchor, full), (other, newer) })
            await client.OkAsync("/living/edit", ("roomId", room), ("roomName", $"{word} of {room}"));
        await using var there = await anchor.ConnectAsync(full);
        await using var visitor = await PagePerson.OpenAsync(browser, Server);
        var cards = visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Open rooms" }).GetByRole(AriaRole.Link);
        await visitor.Page.GetByLabel("Search rooms").FillAsync($" {word.ToUpperInvariant()}");
        await Assertions.Expect(cards).ToHaveCountAsync(2);
        await ShowsAsync(full, newer);
        await Assertions.Expect(cards.First).ToContainTextAsync("1 watching");
        await Assertions.Expect(cards.First).ToContainTextAsync(new Regex(@"Open for \d+ (s|min)"));
        await visitor.PressAsync("Newest");
        await ShowsAsync(newer, full);

        await visitor.Page.GetByLabel("Search rooms").FillAsync($"of {newer}");
        await ShowsAsync(newer);
        await visitor.Page.GetByLabel("Search rooms").FillAsync("no such room");
        await visitor.SeesAsync("No room matches");
        await visitor.PressAsync("Show all rooms");
        await Assertions.Expect(cards.First).ToBeVisibleAsync();
        Assert.Empty(visitor.Faults);

        Task ShowsAsync(params long[] rooms) => Wait.UntilAsync(
            async () => (await cards.EvaluateAllAsync<string[]>("cards => cards.map((card) => card.hash)")).SequenceEqual(rooms.Select(id => $"#/room/{id}")),
            $"the rooms {string.Join(", ", rooms)}");
    }

    [Fact]
    public async Task Who_comes_to_a_room_that_is_over_is_led_to_those_that_run()
    {
        var (anchor, over) = await PageClient.GoLiveAsync(Server);
        var (other, running) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var __ = other;
        await using var there = await other.ConnectAsync(running);
        await anchor.OkAsync("/living/closeLiving", ("roomId", over));
        await using var visitor = await PagePerson.OpenAsync(browser, Server);
        await visitor.GoToAsync($"#/room/{over}");
        var cards = visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Open rooms" }).GetByRole(AriaRole.Link);
        await cards.First.ClickAsync();
        await visitor.ConnectedAsync();
        Assert.DoesNotContain($"{over}", new Uri(visitor.Page.Url).Fragment, StringComparison.Ordinal);
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task What_the_server_says_in_a_room_has_its_name_and_no_menu()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var person = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        await Server.Http.PostJsonAsync("/api/v1/messages", $$$"""{"bizCode":5555,"data":{"content":"Back in five minutes"},"to":{"room":{{{room}}}}}""");
        await person.SeesOnceAsync("Back in five minutes");
        await Assertions.Expect(person.Chat.Locator(".who")).ToContainTextAsync("Sailfish");
        await Assertions.Expect(person.Chat.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Assertions.Expect(person.Chat.Locator(".avatar")).ToHaveCountAsync(0);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task The_language_follows_the_browser_and_stays_as_chosen()
    {
        await using var visitor = await PagePerson.OpenAsync(browser, Server, new Screen(Locale: "zh-CN"));
        await visitor.SeesAsync("开放的直播间");
        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "EN" }).ClickAsync();
        await visitor.SeesAsync("Open rooms");
        await visitor.Page.ReloadAsync();
        await visitor.SeesAsync("Open rooms");
        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task What_is_said_crosses_the_stage_until_that_is_turned_off()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var there = await anchor.ConnectAsync(room);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        await there.ChatInRoomAsync(room, "it flies");
        await Assertions.Expect(person.Page.Locator(".stage").GetByText("it flies")).ToHaveCountAsync(1);
        await person.PressAsync("Hide messages over the stage");
        await there.ChatInRoomAsync(room, "it does not");
        await person.SeesOnceAsync("it does not");
        await Assertions.Expect(person.Page.Locator(".stage .layer").GetByText("it ")).ToHaveCountAsync(0);
        await person.Page.ReloadAsync();
        await Assertions.Expect(person.ButtonOf("Show messages over the stage")).ToBeVisibleAsync();
        Assert.Empty(person.Faults);
    }
}
