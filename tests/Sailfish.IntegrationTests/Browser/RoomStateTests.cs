using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What a room is called and how many are in it, as everybody in it sees at once.</summary>
public sealed class RoomStateTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    /// <summary>Far less than from one heartbeat to the next, and enough for a busy machine.</summary>
    private const int SoonMilliseconds = 10_000;

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Who_comes_and_goes_is_counted_before_the_next_heartbeat()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var person = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        var viewers = person.Page.Locator(".stage .viewers");
        await Assertions.Expect(viewers).ToContainTextAsync("1 watching");
        using var viewer = await PageClient.SignUpAsync(Server);
        await using (await viewer.ConnectAsync(room))
            await Assertions.Expect(viewers).ToContainTextAsync("2 watching", new() { Timeout = SoonMilliseconds });
        await Assertions.Expect(viewers).ToContainTextAsync("1 watching", new() { Timeout = SoonMilliseconds });
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task A_title_is_given_at_the_start_changed_in_the_room_and_stands_with_the_anchor_once()
    {
        using var anchor = await PageClient.SignUpAsync(Server, vip: true);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, anchor);
        await person.PressAsync("Go live");
        await person.Dialog.GetByLabel("Title").FillAsync("Night noodles 深夜面馆");
        await person.Dialog.GetByRole(AriaRole.Button, new() { Name = "Go live", Exact = true }).ClickAsync();
        await person.SeesAsync("No messages yet");
        await Assertions.Expect(person.Page).ToHaveTitleAsync("Night noodles 深夜面馆 · Sailfish");

        await using var watcher = await PagePerson.OpenAsync(browser, viewer);
        var card = watcher.LinkOf(".*Night noodles 深夜面馆");
        await Assertions.Expect(card.GetByText(anchor.Name)).ToHaveTextAsync([$"with {anchor.Name}"]);
        await card.ClickAsync();
        await watcher.SeesAsync("No messages yet");
        await person.PressAsync("Change the title");
        await person.Dialog.GetByLabel("Title").FillAsync("Morning tea");
        await person.PressAsync("Save");
        await Assertions.Expect(watcher.Page.Locator(".stage h1")).ToHaveTextAsync("Morning tea");
        await Assertions.Expect(watcher.Page).ToHaveTitleAsync("Morning tea · Sailfish");
        Assert.Empty(person.Faults.Concat(watcher.Faults));
    }

    [Fact]
    public async Task Who_is_unmuted_early_may_write_without_waiting_and_who_comes_back_muted_sees_it()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using (await viewer.ConnectAsync(room))
            await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId));
        await using var person = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Timer)).ToContainTextAsync("Muted, 9:");
        await anchor.OkAsync("/living/unmute", ("roomId", room), ("userId", viewer.UserId));
        await Assertions.Expect(person.Page.GetByLabel("Message", new() { Exact = true })).ToBeEnabledAsync();
        Assert.Empty(person.Faults);
    }
}
