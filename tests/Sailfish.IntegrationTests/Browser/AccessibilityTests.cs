using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>axe-core finds nothing wrong with any page, dialog or state, and none is wider than its screen.</summary>
public sealed class AccessibilityTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private readonly List<string> _violations = [];

    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task No_page_dialog_or_state_has_a_violation(bool isPhone, bool isDark)
    {
        var screen = new Screen(isPhone, isDark, IsStill: true);
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var there = await viewer.ConnectAsync(room);

        await using (var visitor = await PagePerson.OpenAsync(browser, Server, screen))
        {
            await visitor.SeesAsync(anchor.Name);
            await CheckAsync(visitor, "home, signed out");
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First.ClickAsync();
            await visitor.Dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(anchor.Name);
            await visitor.Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(PagePerson.Password);
            await visitor.PressAsync("Sign up");
            await visitor.SeesAsync("The name is taken");
            await CheckAsync(visitor, "sign-up dialog with an error");
            await visitor.GoToAsync("#/me");
            await visitor.Page.ReloadAsync();
            await visitor.SeesAsync("Sign in to go on");
            await CheckAsync(visitor, "me, signed out");
            await visitor.GoToAsync("#/nowhere");
            await visitor.SeesAsync("There is no such page");
            await CheckAsync(visitor, "no such page");
        }

        await using (var person = await PagePerson.OpenAsync(browser, viewer, screen))
        {
            await person.SeesAsync("Want to go live?");
            await CheckAsync(person, "home, signed in");
            await person.Page.RouteAsync("**/living/list", route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{"code":200,"msg":"success","data":{"list":[],"hasNext":false}}""" }));
            await person.Page.ReloadAsync();
            await person.SeesAsync("Nobody is live right now");
            await CheckAsync(person, "home, empty");
            await person.Page.UnrouteAsync("**/living/list");
            await person.GoToAsync("#/messages");
            await person.SeesAsync("No conversations yet");
            await CheckAsync(person, "messages, empty");
            await person.GoToAsync($"#/messages/{anchor.UserId}");
            await person.SayAsync("a message 你好");
            await person.SeesAsync("Sent");
            await CheckAsync(person, "conversation");
            await person.Page.GetByRole(AriaRole.Button, new() { Name = "Take the conversation off the list" }).ClickAsync();
            await CheckAsync(person, "confirm dialog");
            await person.Page.Keyboard.PressAsync("Escape");
            await person.GoToAsync("#/me");
            await person.SeesAsync("No records yet");
            await person.Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "a.gif", MimeType = "image/gif", Buffer = [1] });
            await person.SeesAsync("That is no picture");
            await CheckAsync(person, "me, with a toast");
        }

        await using var anchors = await PagePerson.OpenAsync(browser, anchor, screen, $"#/room/{room}");
        await anchors.ConnectedAsync();
        await there.ChatInRoomAsync(room, "hello from a viewer");
        await anchors.SeesOnceAsync("hello from a viewer");
        await anchors.SayAsync("welcome");
        await anchors.SeesAsync("Sent");
        await CheckAsync(anchors, "room");
        await anchors.Chat.GetByRole(AriaRole.Button).First.ClickAsync();
        await anchors.SeesAsync("Mute for 10 minutes");
        await CheckAsync(anchors, "user dialog");
        await anchors.Page.Keyboard.PressAsync("Escape");
        await anchors.GoToAsync("#/");
        await anchors.SeesAsync("You are live");
        await CheckAsync(anchors, "home, live");
        await anchors.GoToAsync($"#/room/{room}");
        await anchors.PressAsync("End");
        await anchors.PressAsync("End now");
        await anchors.SeesAsync("The stream has ended");
        await CheckAsync(anchors, "room, closed");
        await anchors.GoToAsync("#/me");
        await anchors.SeesAsync("Peak viewers");
        await CheckAsync(anchors, "me, with records");
        await anchors.GoToAsync("#/");
        await anchors.PressAsync("Go live");
        await CheckAsync(anchors, "start dialog");
        Assert.True(_violations.Count == 0, string.Join('\n', _violations));
    }

    private async Task CheckAsync(PagePerson person, string where)
    {
        var result = await person.Page.RunAxe(new() { ResultTypes = [ResultType.Violations] });
        _violations.AddRange(result.Violations.SelectMany(rule => rule.Nodes, (rule, node) => $"{where}: {rule.Id}: {rule.Help}: {node.Html}"));
        await FitsAsync(person, where);
        if (person.Page.ViewportSize is not { Width: 390 } phone)
            return;
        await person.Page.SetViewportSizeAsync(360, 740);
        await FitsAsync(person, where);
        await person.Page.SetViewportSizeAsync(phone.Width, phone.Height);
    }

    /// <summary>A phone shows what is wider smaller, and then the way to the other pages is off the screen.</summary>
    private async Task FitsAsync(PagePerson person, string where)
    {
        var screen = person.Page.ViewportSize!;
        var width = await person.Page.EvaluateAsync<int>("Math.max(innerWidth, document.documentElement.scrollWidth)");
        if (width > screen.Width)
            _violations.Add($"{where}: {width} pixels wide on {screen.Width}");
        var tabs = await person.Page.EvaluateAsync<double>("Math.max(0, document.querySelector('nav.tabs')?.getBoundingClientRect().bottom ?? 0)");
        if (tabs > screen.Height + 1)
            _violations.Add($"{where}: the way to the other pages ends at {tabs} of {screen.Height}");
    }
}
