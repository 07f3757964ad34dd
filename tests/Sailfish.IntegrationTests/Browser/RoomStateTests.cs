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
        await person.PressAsync("Open a room");
        await person.Dialog.GetByLabel("Title").FillAsync("Night noodles 深夜面馆");
        await person.Dialog.GetByRole(AriaRole.Button, new() { Name = "Open a room", Exact = true }).ClickAsync();
        await person.SeesAsync("No messages yet");
        await Assertions.Expect(person.Page).ToHaveTitleAsync("Night noodles 深夜面馆 · Sailfish");

        await using var watcher = await PagePerson.OpenAsync(browser, viewer);
        var card = watcher.LinkOf(".*Night noodles 深夜面馆");
        await Assertions.Expect(card.GetByText(anchor.Name)).ToHaveTextAsync([$"with {anchor.Name}"]);
        await card.ClickAsync();
        await watcher.SeesAsync("No messages yet");
        await person.PressAsync("Edit the room");
        await person.Dialog.GetByLabel("Title").FillAsync("Morning tea");
        await person.PressAsync("Save");
        await Assertions.Expect(watcher.Page.Locator("main h1")).ToHaveTextAsync("Morning tea");
        await Assertions.Expect(watcher.Page).ToHaveTitleAsync("Morning tea · Sailfish");
        Assert.Empty(person.Faults.Concat(watcher.Faults));
    }

    [Fact]
    public async Task An_announcement_is_read_by_all_who_come_and_changes_as_they_look()
    {
        using var anchor = await PageClient.SignUpAsync(Server, vip: true);
        await using var person = await PagePerson.OpenAsync(browser, anchor);
        await person.PressAsync("Open a room");
        await person.Dialog.GetByLabel("Announcement").FillAsync("Soup at eight.\n<b>Bring</b> a spoon.");
        await person.Dialog.GetByRole(AriaRole.Button, new() { Name = "Open a room", Exact = true }).ClickAsync();
        await person.SeesAsync("No messages yet");
        await using var guest = await PagePerson.OpenAsync(browser, Server, isOnPhone: true);
        await guest.GoToAsync(new Uri(person.Page.Url).Fragment);
        await guest.ConnectedAsync();
        var (own, seen) = (NoteOf(person), NoteOf(guest));
        await Assertions.Expect(own.GetByRole(AriaRole.Status)).ToHaveTextAsync("Soup at eight.\n<b>Bring</b> a spoon.");
        Assert.Equal("Soup at eight.\n<b>Bring</b> a spoon.", await seen.GetByRole(AriaRole.Status).InnerTextAsync());
        await Assertions.Expect(seen.GetByRole(AriaRole.Button, new() { Name = "Show all" })).ToHaveCountAsync(0);

        // Who has read it has the picture to himself, until it says something else.
        await seen.GetByRole(AriaRole.Button, new() { Name = "Put the announcement away" }).ClickAsync();
        await Assertions.Expect(seen).ToHaveCountAsync(0);
        await guest.Page.ReloadAsync();
        await guest.ConnectedAsync();
        await guest.SeesAsync("No messages yet");
        await Assertions.Expect(seen).ToHaveCountAsync(0);

        await person.PressAsync("Edit the room");
        var field = person.Dialog.GetByLabel("Announcement");
        await field.FillAsync(new string('x', 501));
        await person.SeesAsync("1 character too many");
        await Assertions.Expect(person.ButtonOf("Save")).ToBeDisabledAsync();
        await field.FillAsync(string.Join('\n', Enumerable.Range(1, 9).Select(line => $"Line {line}")));
        await person.PressAsync("Save");
        await Assertions.Expect(seen).ToContainTextAsync("Line 9");
        var height = (await seen.BoundingBoxAsync())!.Height;
        await seen.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        await Assertions.Expect(seen.GetByRole(AriaRole.Button, new() { Name = "Show less" })).ToBeVisibleAsync();
        Assert.True((await seen.BoundingBoxAsync())!.Height > 2 * height);

        await person.PressAsync("Edit the room");
        await field.FillAsync("");
        await person.PressAsync("Save");
        await Assertions.Expect(seen).ToHaveCountAsync(0);
        Assert.Empty(person.Faults.Concat(guest.Faults));
    }

    private static ILocator NoteOf(PagePerson person) => person.Page.GetByRole(AriaRole.Region, new() { Name = "Announcement" });

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
