using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What stands around the stage of a room, and what a viewer makes of it.</summary>
public sealed class RoomViewTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Below_a_stage_of_16_to_9_stand_the_room_and_others_and_beside_it_who_is_there()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        var (other, running) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var __ = other;
        await anchor.OkAsync("/living/edit", ("roomId", room), ("roomName", "Night noodles"));
        await using var there = await anchor.ConnectAsync(room);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        var window = person.Page.ViewportSize!;
        var stage = (await person.Page.Locator(".stage").BoundingBoxAsync())!;
        Assert.Equal(stage.Width * 9 / 16, stage.Height, 1.0);
        Assert.Equal(window.Width, (await person.Page.Locator("header .bar").BoundingBoxAsync())!.Width, 1.0);
        var title = person.Page.GetByRole(AriaRole.Heading, new() { Name = "Night noodles", Level = 1 });
        await Assertions.Expect(title).ToBeInViewportAsync();
        Assert.True((await title.BoundingBoxAsync())!.Y >= stage.Y + stage.Height);
        var cards = person.Page.GetByRole(AriaRole.Region, new() { Name = "Open rooms" }).GetByRole(AriaRole.Link);
        await Assertions.Expect(cards.First).ToBeVisibleAsync();
        Assert.DoesNotContain($"#/room/{room}", await cards.EvaluateAllAsync<string[]>("cards => cards.map((card) => card.hash)"));

        using var comer = await PageClient.SignUpAsync(Server);
        await using var come = await comer.ConnectAsync(room);
        await person.SeesAsync($"{comer.Name} came in");
        await TabOf(person, "Members").ClickAsync();
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Tabpanel).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Tabpanel).GetByRole(AriaRole.Listitem).First).ToContainTextAsync($"{anchor.Name}Host");
        await ViewCheck.OnceAsync(person);
        await person.PressAsync(comer.Name);
        await person.PressAsync("Mention");
        await Assertions.Expect(person.Page.GetByLabel("Message", new() { Exact = true })).ToHaveValueAsync($"@{comer.Name} ");
        await Assertions.Expect(person.Page.GetByLabel("Message", new() { Exact = true })).ToBeFocusedAsync();
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task On_a_phone_the_room_has_a_tab_and_the_stage_settings_are_kept()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var there = await anchor.ConnectAsync(room);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer, new Screen(IsPhone: true), $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        await TabOf(person, "Room").ClickAsync();
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("Open for");
        await Assertions.Expect(person.ButtonOf("Send")).ToHaveCountAsync(0);
        await ViewCheck.OnceAsync(person);
        await TabOf(person, "Chat").ClickAsync();
        await Assertions.Expect(person.ButtonOf("Send")).ToBeInViewportAsync();

        await person.PressAsync("Stage settings");
        await person.Dialog.GetByText("Large", new() { Exact = true }).ClickAsync();
        await person.Dialog.GetByLabel("Blocked words").First.FillAsync("spoiler");
        await person.PressAsync("Block");
        await Assertions.Expect(person.ButtonOf("Unblock: spoiler")).ToBeInViewportAsync();
        await ViewCheck.OnceAsync(person);
        await person.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(person.ButtonOf("Stage settings")).ToBeFocusedAsync();
        await person.Page.ReloadAsync();
        await person.SeesAsync("No messages yet");
        foreach (var content in new[] { "a Spoiler", "hello" })
            await there.ChatInRoomAsync(room, content);
        var flying = person.Page.Locator(".stage .layer .text");
        await Assertions.Expect(flying).ToHaveTextAsync(["hello"]);
        await Assertions.Expect(flying).ToHaveCSSAsync("font-size", "24px");
        await person.SeesOnceAsync("a Spoiler");
        Assert.Empty(person.Faults);
    }

    private static ILocator TabOf(PagePerson person, string name) => person.Page.GetByRole(AriaRole.Tab, new() { Name = name, Exact = true });
}
