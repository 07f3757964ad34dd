using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>axe-core finds nothing wrong with any page, dialog or state, and none is wider than its screen.</summary>
public sealed class AccessibilityTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private readonly ViewCheck _view = new();

    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public Task No_page_dialog_or_state_has_a_violation(bool isPhone, bool isDark) => LookAsync(isPhone, isDark);

    [Theory(Skip = LongTests.LeftOut, SkipUnless = nameof(LongTests.AreOn), SkipType = typeof(LongTests))]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public Task Nor_in_other_colours(bool isPhone, bool isDark) => LookAsync(isPhone, isDark);

    private async Task LookAsync(bool isPhone, bool isDark)
    {
        var screen = new Screen(isPhone, isDark, IsStill: true);
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);

        await using (var visitor = await PagePerson.OpenAsync(browser, Server, screen))
        {
            await visitor.SeesAsync(anchor.Name);
            await _view.LookAsync(visitor, "home, signed out");
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First.ClickAsync();
            await visitor.Dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(anchor.Name);
            await visitor.Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(PagePerson.Password);
            await visitor.PressAsync("Sign up");
            await visitor.SeesAsync("That name is taken");
            await _view.LookAsync(visitor, "sign-up dialog with an error");
            await visitor.GoToAsync("#/me");
            await visitor.Page.ReloadAsync();
            await visitor.SeesAsync("Sign in to continue");
            await _view.LookAsync(visitor, "me, signed out");
            await visitor.GoToAsync("#/nowhere");
            await visitor.SeesAsync("Page not found");
            await _view.LookAsync(visitor, "no such page");
        }

        await using (var person = await PagePerson.OpenAsync(browser, viewer, screen))
        {
            await person.SeesAsync("Want to open a room?");
            await _view.LookAsync(person, "home, signed in");
            await person.Page.RouteAsync("**/living/list", route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{"code":200,"msg":"success","data":{"list":[],"hasNext":false}}""" }));
            await person.Page.ReloadAsync();
            await person.SeesAsync("No rooms are open right now");
            await _view.LookAsync(person, "home, empty");
            await person.Page.UnrouteAsync("**/living/list");
            await person.GoToAsync("#/messages");
            await person.SeesAsync("No conversations yet");
            await _view.LookAsync(person, "messages, empty");
            await person.GoToAsync($"#/messages/{anchor.UserId}");
            await person.SayAsync("a message 你好");
            await person.SeesAsync("Sent");
            await _view.LookAsync(person, "conversation");
            await person.Page.GetByRole(AriaRole.Button, new() { Name = "Remove the conversation from the list" }).ClickAsync();
            await _view.LookAsync(person, "confirm dialog");
            await person.Page.Keyboard.PressAsync("Escape");
            await person.GoToAsync("#/me");
            await person.SeesAsync("No past rooms");
            await person.Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "a.gif", MimeType = "image/gif", Buffer = [1] });
            await person.SeesAsync("This file cannot be used");
            await _view.LookAsync(person, "me, with a toast");
        }

        await using var anchors = await PagePerson.OpenAsync(browser, anchor, screen, $"#/room/{room}");
        await anchors.ConnectedAsync();
        // Not before: without heartbeats it would be closed by now.
        await using var there = await viewer.ConnectAsync(room);
        await there.ChatInRoomAsync(room, "hello from a viewer");
        await anchors.SeesOnceAsync("hello from a viewer");
        await anchors.SayAsync("welcome");
        await anchors.SeesAsync("Sent");
        await _view.LookAsync(anchors, "room");
        await anchors.PressAsync("Choose an emoji");
        await Assertions.Expect(anchors.ButtonOf("grinning face").First).ToBeVisibleAsync();
        await _view.LookAsync(anchors, "emoji picker");
        await anchors.PressAsync("Choose an emoji");
        await anchors.Chat.GetByRole(AriaRole.Button).First.ClickAsync();
        await Assertions.Expect(anchors.ButtonOf("Mute for 10 min")).ToBeVisibleAsync();
        await _view.LookAsync(anchors, "user dialog");
        await anchors.Page.Keyboard.PressAsync("Escape");
        await anchors.GoToAsync("#/");
        await anchors.SeesAsync("Your room is open");
        await _view.LookAsync(anchors, "home, live");
        await anchors.GoToAsync($"#/room/{room}");
        await anchors.PressAsync("Close room");
        await anchors.PressAsync("Close now");
        await anchors.SeesAsync("Room closed");
        await _view.LookAsync(anchors, "room, closed");
        await anchors.GoToAsync("#/me");
        await anchors.SeesAsync("Peak viewers");
        await _view.LookAsync(anchors, "me, with records");
        await anchors.GoToAsync("#/");
        await anchors.PressAsync("Open a room");
        await Assertions.Expect(anchors.Dialog).ToBeVisibleAsync();
        await _view.LookAsync(anchors, "start dialog");
        _view.FoundNothing();
    }
}
