using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Media;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>A room's picture, from the one who sends it to those who see it.</summary>
public sealed class VideoTests(BrowserFixture browser, ServerFixture<ForVideo> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForVideo>>
{
    private const int Tabs = 8;

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task A_room_plays_what_is_published_goes_on_over_a_break_and_says_when_it_has_ended()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var page = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await page.SeesAsync("No video right now");
        // What plays it is not fetched before there is something to play.
        Assert.DoesNotContain(await ScriptsAsync(page), script => script.Contains("mpegts", StringComparison.Ordinal));

        await using (var first = await anchor.PublishAsync(room))
        {
            await page.PlaysAsync();
            Assert.Contains(await ScriptsAsync(page), script => script.Contains("mpegts", StringComparison.Ordinal));
            await page.SeesNoMoreAsync("No video right now");
            await first.KillAsync();
            await page.SeesAsync("The host will be right back");
        }

        await using var second = await anchor.PublishAsync(room);
        await page.SeesNoMoreAsync("The host will be right back");
        await page.PlaysAsync();
        await second.StopAsync();
        await page.SeesAsync("The video has ended");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task The_sound_is_off_until_somebody_taps()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var publisher = await anchor.PublishAsync(room);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var page = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await page.PlaysAsync();
        Assert.True(await page.Picture().EvaluateAsync<bool>("video => video.muted"));
        await page.PressAsync("Unmute");
        Assert.False(await page.Picture().EvaluateAsync<bool>("video => video.muted"));
        await Assertions.Expect(page.ButtonOf("Mute")).ToBeVisibleAsync();
        await page.PlaysAsync();
    }

    [Fact]
    public async Task A_guest_sees_and_reads_and_is_asked_to_sign_in_to_write()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var publisher = await anchor.PublishAsync(room);
        await using var there = await anchor.ConnectAsync(room);
        await using var guest = await PagePerson.OpenAsync(browser, Server);
        await guest.GoToAsync($"#/room/{room}");
        await guest.ConnectedAsync();
        await guest.PlaysAsync();
        await guest.SeesAsync("Sign in to send the first one.");
        await there.ChatInRoomAsync(room, "hello, guests");
        await guest.SeesOnceAsync("hello, guests");
        await ViewCheck.OnceAsync(guest);

        await guest.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        var name = PageClient.NewName();
        await guest.PressAsync("New here? Create an account");
        await guest.AnswerDialogAsync("Sign up", name, PagePerson.Password);
        await guest.SayAsync("hello, I am not a guest any more");
        await guest.SeesAsync("Sent");
        await guest.PlaysAsync();
        Assert.Empty(guest.Faults);
    }

    [Fact]
    public async Task A_camera_of_one_browser_is_seen_in_another()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var from = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await using var to = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await from.SeesAsync("Your video is off");
        await ViewCheck.OnceAsync(from);
        await from.PressAsync("Start video");
        await ViewCheck.OnceAsync(from);
        await from.PressAsync("Turn on the camera");
        await from.GoOnAirAsync();
        await to.PlaysAsync();
        await Assertions.Expect(from.Dialog).ToContainTextAsync("kbit/s");
        await ViewCheck.OnceAsync(from);

        // It goes on while the anchor does something else in the page.
        await from.Page.Keyboard.PressAsync("Escape");
        await from.GoToAsync("#/");
        await from.SeesAsync("Your room is open");
        await to.PlaysAsync();

        await from.GoToAsync($"#/room/{room}");
        await from.PressAsync("Video on");
        await from.PressAsync("Stop the video");
        await to.SeesAsync("The video has ended");
        Assert.Empty(from.Faults.Concat(to.Faults));
    }

    /// <summary>From the page's first view on; and what the camera sends goes on by itself when the server was killed, or stopped in good order, and is back.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_camera_is_on_air_with_three_clicks_and_both_sides_go_on_over_a_restart(bool isInGoodOrder)
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync(ForBrowsers.Settings);
        using var anchor = await PageClient.SignUpAsync(server, vip: true);
        await using var from = await PagePerson.OpenAsync(browser, anchor);
        await from.Page.GetByRole(AriaRole.Button, new() { Name = "Open a room" }).First.ClickAsync();
        await from.PressAsync("Open with the camera");
        await from.GoOnAirAsync();
        await from.Page.Keyboard.PressAsync("Escape");
        var fragment = new Uri(from.Page.Url).Fragment;

        await using var guest = await PagePerson.OpenAsync(browser, server, isOnPhone: true);
        await guest.GoToAsync(fragment);
        await guest.PlaysAsync();

        await (isInGoodOrder ? server.StopAsync() : server.KillAsync());
        await from.SeesAsync("Connecting");
        await server.StartAgainAsync();
        await guest.PlaysAsync();
        await from.ConnectedAsync();
        await guest.ConnectedAsync();
        await from.SayAsync("here we are again");
        await guest.SeesOnceAsync("here we are again");
        Assert.Empty(from.Faults.Concat(guest.Faults));
    }

    /// <summary>Each time another one, as far as the server can tell: it goes on as that one.</summary>
    [Fact]
    public async Task A_guest_whose_browser_keeps_no_cookies_comes_back()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync(ForBrowsers.Settings);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var _ = anchor;
        await using var guest = await PagePerson.OpenAsync(browser, server);
        await guest.GoToAsync($"#/room/{room}");
        await guest.ConnectedAsync();
        await guest.Page.Context.ClearCookiesAsync();
        await server.KillAsync();
        await guest.SeesAsync("Reconnecting");
        await server.StartAgainAsync();
        await guest.ConnectedAsync();
        await using var there = await anchor.ConnectAsync(room);
        await there.ChatInRoomAsync(room, "hello, whoever you are");
        await guest.SeesOnceAsync("hello, whoever you are");
        Assert.Empty(guest.Faults);
    }

    /// <summary>Glass to glass. How little it is where nothing else runs is for perf/ to say.</summary>
    [Fact]
    public async Task The_picture_is_late_by_less_than_three_seconds()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var clock = await ClockPicture.StartAsync(anchor, room);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var page = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await page.PlaysAsync();
        var lateness = (await ClockPicture.LatenessAsync(page.Picture(), 50)).Order().ToList();
        Assert.InRange(lateness[0], 0, lateness[25]);
        Assert.InRange(lateness[25], 0, 3000);
        await page.PlaysAsync();
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task The_key_for_OBS_can_be_copied_and_made_anew()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var page = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.PressAsync("Start video");
        await page.ChooseTabAsync("OBS");
        await Assertions.Expect(page.Dialog.GetByLabel("Server", new() { Exact = true })).ToHaveValueAsync(new Regex("^rtmps?://"));
        var key = page.Dialog.GetByLabel("Stream key", new() { Exact = true });
        await Assertions.Expect(key).ToHaveValueAsync(new Regex("^•+$"));
        await page.PressAsync("Show the key");
        await Assertions.Expect(key).ToHaveValueAsync(new Regex("^[0-9]"));
        var before = await key.InputValueAsync();
        Assert.StartsWith($"{anchor.UserId}-", before);
        await page.PressAsync("Copy: Stream key");
        await page.SeesAsync("Copied");
        Assert.Equal(before, await page.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await ViewCheck.OnceAsync(page);
        await ShowsAllAsync(page);
        await page.Page.SetViewportSizeAsync(390, 844);
        await ShowsAllAsync(page);

        await page.PressAsync("Reset the key");
        await page.SeesAsync("is cut off");
        await page.PressAsync("Reset");
        await Assertions.Expect(key).Not.ToHaveValueAsync(before);
        Assert.StartsWith($"{anchor.UserId}-", await key.InputValueAsync());
        Assert.Empty(page.Faults);
    }

    /// <summary>Browsers open six plain connections to a server at once, and any number of WebSockets.</summary>
    [Fact]
    public async Task Eight_tabs_of_a_browser_play_at_once()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var publisher = await anchor.PublishAsync(room);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var first = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        var tabs = new List<PagePerson> { first };
        while (tabs.Count < Tabs)
            tabs.Add(await first.OpenTabAsync($"#/room/{room}"));
        await Task.WhenAll(tabs.Select(tab => tab.PlaysAsync()));
        Assert.Empty(tabs.SelectMany(tab => tab.Faults));
    }

    /// <summary>What is to be taken along is in view from its first letter to its last, and nothing is wider than the screen.</summary>
    private static async Task ShowsAllAsync(PagePerson page) => Assert.Empty(await page.Page.EvaluateAsync<string[]>(
        """
        () => [document.documentElement, document.querySelector('dialog'), ...document.querySelectorAll('dialog textarea')]
          .filter((element) => element.scrollWidth > element.clientWidth || (element.matches('textarea') && element.scrollHeight > element.clientHeight))
          .map((element) => `${element.tagName} ${element.value ?? ''}`)
        """));

    private static Task<string[]> ScriptsAsync(PagePerson page) => page.Page.EvaluateAsync<string[]>(
        "performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)");
}
