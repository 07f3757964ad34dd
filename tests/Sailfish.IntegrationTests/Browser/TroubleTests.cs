using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What the page does when something goes wrong, or is done twice.</summary>
public sealed class TroubleTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private const string Unreachable = "Cannot reach the server";

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Each_button_that_posts_tells_of_a_network_that_is_away_and_works_when_it_is_back()
    {
        using var vip = await PageClient.SignUpAsync(Server, vip: true);
        await using var person = await PagePerson.OpenAsync(browser, Server);
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).First.ClickAsync();
        await person.Dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(vip.Name);
        await person.Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(PageClient.Password);
        await FailsThenWorksAsync(person, "/account/login", "Sign in");
        await Assertions.Expect(person.Dialog).ToBeHiddenAsync();

        await person.PressAsync("Open a room");
        await FailsThenWorksAsync(person, "/living/startingLiving", "Open a room");
        await Assertions.Expect(person.Page).ToHaveURLAsync(new Regex("#/room/"));
        await person.SeesAsync("No messages yet");
        var room = long.Parse(Regex.Match(person.Page.Url, @"\d+$").Value);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var there = await viewer.ConnectAsync(room);
        await there.ChatInRoomAsync(room, "hello");
        await person.SeesOnceAsync("hello");
        await OpenUserAsync(person);
        await FailsThenWorksAsync(person, "/living/mute", "Mute for 10 min");
        await person.SeesAsync("is muted.");
        await OpenUserAsync(person);
        await FailsThenWorksAsync(person, "/living/unmute", "Unmute");
        await person.SeesAsync("can chat again.");
        await OpenUserAsync(person);
        await person.PressAsync("Remove from room");
        await FailsThenWorksAsync(person, "/living/remove", "Remove for 1 h");
        await person.SeesAsync("was removed.");
        await person.PressAsync("Close room");
        await FailsThenWorksAsync(person, "/living/closeLiving", "Close now");
        await person.SeesAsync("Room closed");

        await person.Page.RouteAsync("**/living/records", route => route.AbortAsync());
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Past rooms" }).ClickAsync();
        await person.SeesAsync("Could not load your past rooms");
        await person.Page.UnrouteAsync("**/living/records");
        await person.Page.GetByRole(AriaRole.Region, new() { Name = "Past rooms" }).GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await person.SeesAsync("Peak viewers");
        await person.Page.GetByLabel("Nickname").FillAsync("Vi P.");
        await FailsThenWorksAsync(person, "/account/profile", "Save");
        await person.SeesAsync("Saved");
        await FailsThenWorksAsync(person, "/account/logout", "Sign out");
        await person.SeesAsync("Sign in to continue");

        await person.Page.RouteAsync("**/living/list", route => route.AbortAsync());
        await person.LinkOf("Rooms").ClickAsync();
        await person.SeesAsync("Could not load the rooms");
        await person.Page.UnrouteAsync("**/living/list");
        await person.PressAsync("Try again");
        await person.SeesNoMoreAsync("Could not load the rooms");
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task A_double_click_posts_once()
    {
        await using var person = await PagePerson.OpenAsync(browser, Server);
        var calls = await person.CallsAsync();
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First.ClickAsync();
        await person.Dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("twice");
        await person.Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(PagePerson.Password);
        await person.ButtonOf("Sign up").DblClickAsync();
        await Assertions.Expect(person.Dialog).ToBeHiddenAsync();
        await person.GoToAsync("#/me");
        await person.Page.GetByLabel("Nickname").FillAsync("Twice");
        await person.ButtonOf("Save").DblClickAsync(new() { Force = true });
        await person.SeesAsync("Saved");
        await person.ButtonOf("Sign out").DblClickAsync(new() { Force = true });
        await person.SeesAsync("Sign in to continue");
        Assert.All(["/account/register", "/account/profile", "/account/logout"], path => Assert.Single(calls.Posts, path));
    }

    [Fact]
    public async Task A_session_that_ended_on_the_server_leads_to_signing_in_and_on()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client, fragment: "#/me");
        await person.Page.GetByLabel("Nickname").FillAsync("New name");
        await person.Context.ClearCookiesAsync();
        await person.PressAsync("Save");
        await Assertions.Expect(person.Dialog).ToContainTextAsync("Your session has ended. Sign in again.");
        await person.Dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(client.Name);
        await person.Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(PageClient.Password);
        await person.PressAsync("Sign in");
        await person.SeesAsync($"User ID {client.UserId}");
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Signing_out_in_one_tab_signs_out_and_disconnects_the_others()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client, fragment: $"#/room/{room}");
        await person.ConnectedAsync();
        await person.SeesAsync("No messages yet");
        await using var tab = await person.OpenTabAsync("#/me");
        await tab.PressAsync("Sign out");
        await person.SeesAsync("You are watching as a guest.");
        await Wait.UntilAsync(async () => !(await Server.Http.GetStringAsync($"api/v1/users/{client.UserId}/online")).Contains("\"online\":true", StringComparison.Ordinal), "the other tab to leave");
        await person.SignInAsync(client.Name);
        await person.ConnectedAsync();
        await person.SeesAsync("No messages yet");
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task A_removed_viewer_sees_the_time_run_out_and_enters_again()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId), ("seconds", 9));
        await person.SeesAsync("You can come back in 0:0");
        await person.SeesAsync("You can come back now.");
        await person.PressAsync("Rejoin");
        await person.SeesAsync("No messages yet");
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task A_removed_viewer_and_who_follows_a_wrong_link_are_told_so_and_led_home()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer, new Screen(IsPhone: true), $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId));
        await person.SeesAsync("You were removed from this room");
        await person.SeesAsync("You can come back in 9:");
        await person.Page.ReloadAsync();
        await person.SeesAsync("You were removed from this room");
        await person.SeesAsync("You can come back in 9:");
        foreach (var (fragment, text) in new[] { ("#/room/123", "This room is closed"), ("#/room/x", "Page not found") })
        {
            await person.GoToAsync(fragment);
            await person.SeesAsync(text);
            await person.Page.GetByRole(AriaRole.Link, new() { Name = "Browse rooms" }).ClickAsync();
            await person.SeesAsync("Open rooms");
        }

        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task A_picture_is_checked_before_it_is_sent_and_shown_when_it_is_there()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client, fragment: "#/me");
        var sent = 0;
        await person.Page.RouteAsync("**/account/avatar", async route =>
        {
            if (Interlocked.Increment(ref sent) == 1)
                await route.AbortAsync();
            else
                await route.ContinueAsync();
        });
        var input = person.Page.GetByLabel(new Regex("^Change picture"));
        await input.SetInputFilesAsync(File("image/gif", 100));
        await person.SeesAsync("This file cannot be used as a picture.");
        await input.SetInputFilesAsync(File("image/png", (1 << 20) + 1));
        await person.SeesAsync("The picture is larger than 1 MB.");
        Assert.Equal(0, sent);
        await input.SetInputFilesAsync(File("image/png", 1 << 20));
        await person.SeesAsync(Unreachable);
        await input.SetInputFilesAsync(File("image/png", 1 << 20));
        await person.SeesAsync("Saved");
        Assert.Equal(2, sent);
        await Assertions.Expect(person.Page.Locator("main img")).ToHaveAttributeAsync("src", new Regex($"^\\./avatar/{client.UserId}-.*png$"));
        // A name that promises more than the file holds: the server finds out.
        await input.SetInputFilesAsync(new FilePayload { Name = "b.png", MimeType = "image/png", Buffer = [1, 2, 3] });
        await Assertions.Expect(person.Page.GetByText("This file cannot be used as a picture.").First).ToBeVisibleAsync();
        Assert.Equal(3, sent);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told_and_what_was_written_goes_when_it_is_back()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync($"Http:PageDir={PageFolder.Path}");
        using var anna = await PageClient.SignUpAsync(server);
        using var bert = await PageClient.SignUpAsync(server);
        await using var person = await PagePerson.OpenAsync(browser, anna, fragment: $"#/messages/{bert.UserId}");
        await person.SayAsync("before");
        await person.SeesAsync("Sent");
        await server.KillAsync();
        await person.SeesAsync("Cannot reach the server. What you write is sent once it is back.");
        await person.SayAsync("meanwhile");
        await person.SeesAsync("Sending");
        await server.StartAgainAsync();
        await person.PressAsync("Try now");
        await Assertions.Expect(person.Chat.GetByText("Sent", new() { Exact = true })).ToHaveCountAsync(2);
        await person.SeesNoMoreAsync(Unreachable);
        Assert.Empty(person.Faults);
    }

    private static async Task OpenUserAsync(PagePerson person) =>
        await person.Chat.GetByRole(AriaRole.Button, new() { NameRegex = new("^Options for") }).First.ClickAsync();

    /// <summary>Presses a button without a network and sees it told; then with one.</summary>
    private static async Task FailsThenWorksAsync(PagePerson person, string path, string button)
    {
        // What is told may be there still, of the button before.
        var failed = new TaskCompletionSource();
        await person.Page.RouteAsync($"**{path}", async route =>
        {
            await route.AbortAsync();
            failed.TrySetResult();
        });
        await person.PressAsync(button);
        await failed.Task.WaitAsync(Wait.Limit);
        await person.SeesAsync(Unreachable);
        await person.Page.UnrouteAsync($"**{path}");
        await person.PressAsync(button);
    }

    /// <summary>A picture of one dot, with nothing behind it.</summary>
    private static FilePayload File(string type, int size)
    {
        var bytes = new byte[size];
        var dot = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        dot.CopyTo(bytes, 0);
        return new FilePayload { Name = "picture", MimeType = type, Buffer = bytes };
    }
}
