using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What stands there while something is waited for, what is kept meanwhile, and what fits on a small screen.</summary>
public sealed class WaitingTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Before_its_script_is_here_the_page_has_its_header_and_bones()
    {
        await using var context = await browser.Chromium.NewContextAsync();
        var page = await context.NewPageAsync();
        // Never answered.
        await page.RouteAsync("**/assets/*.js", _ => Task.CompletedTask);
        await page.GotoAsync($"http://127.0.0.1:{Server.HttpPort}/", new() { WaitUntil = WaitUntilState.Commit });
        await Assertions.Expect(page.GetByText("Sailfish", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".splash-rooms .bone").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Loading");
    }

    [Fact]
    public async Task A_room_that_is_on_its_way_says_nothing_of_it_that_is_not_known()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer);
        await person.SeesAsync(anchor.Name);
        var asked = new TaskCompletionSource<IRoute>();
        await person.Page.RouteAsync("**/living/anchorConfig", route =>
        {
            asked.TrySetResult(route);
            return Task.CompletedTask;
        });
        await person.GoToAsync($"#/room/{room}");
        var held = await asked.Task.WaitAsync(Wait.Limit);
        var stage = person.Page.Locator(".stage");
        await Assertions.Expect(stage.Locator(".anchor .bone").First).ToBeVisibleAsync();
        await Assertions.Expect(person.Page.Locator("main h1, .stage :is(.live, .viewers, .facts), .info .quiet, .number")).ToHaveCountAsync(0);
        await held.ContinueAsync();
        await Assertions.Expect(person.Page.Locator("main h1")).ToHaveTextAsync(anchor.Name);
        await Assertions.Expect(person.Page.Locator(".view .bone")).ToHaveCountAsync(0);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task What_was_typed_is_there_again_after_another_page_and_gone_after_signing_out()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        var message = person.Page.GetByLabel("Message", new() { Exact = true });
        await person.SeesAsync("No messages yet");
        await message.FillAsync("half a sentence");
        await person.GoToAsync($"#/messages/{anchor.UserId}");
        await Assertions.Expect(message).ToHaveValueAsync("");
        await message.FillAsync("half a letter");
        await person.GoToAsync("#/me");
        await person.SeesAsync($"User ID {viewer.UserId}");
        await person.GoToAsync($"#/room/{room}");
        await Assertions.Expect(message).ToHaveValueAsync("half a sentence");
        await person.Page.ReloadAsync();
        await Assertions.Expect(message).ToHaveValueAsync("half a sentence");
        await person.GoToAsync($"#/messages/{anchor.UserId}");
        await Assertions.Expect(message).ToHaveValueAsync("half a letter");
        await person.GoToAsync("#/me");
        await person.PressAsync("Sign out");
        await person.SeesAsync("Sign in to continue");
        Assert.DoesNotContain("half a", await person.Page.EvaluateAsync<string>("() => JSON.stringify({ ...sessionStorage, ...localStorage })"), StringComparison.Ordinal);
        Assert.Empty(person.Faults);
    }

    /// <summary>A phone on its side, and a small laptop's window at twice the size.</summary>
    [Theory]
    [InlineData(844, 390)]
    [InlineData(640, 360)]
    public async Task On_a_low_screen_the_chat_stands_beside_the_stage_with_room_to_read(int width, int height)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var there = await anchor.ConnectAsync(room);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer, new Screen(IsPhone: true), $"#/room/{room}");
        await person.Page.SetViewportSizeAsync(width, height);
        await there.ChatInRoomAsync(room, "hello");
        await person.SeesOnceAsync("hello");
        var chat = (await person.Chat.BoundingBoxAsync())!;
        var stage = (await person.Page.Locator(".stage").BoundingBoxAsync())!;
        Assert.True(chat.Height >= height / 2.0, $"The chat is {chat.Height} of {height} pixels high.");
        Assert.True(stage.Y < 1 && stage.X + stage.Width <= chat.X + 1, "The stage is not beside the chat.");
        Assert.Equal(stage.Width * 9 / 16, stage.Height, 1.0);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Link, new() { Name = "Browse rooms" })).ToBeInViewportAsync();
        await Assertions.Expect(person.ButtonOf("Send")).ToBeInViewportAsync();
        Assert.Equal(width, await person.Page.EvaluateAsync<int>("Math.max(innerWidth, document.documentElement.scrollWidth)"));
        await person.GoToAsync($"#/messages/{anchor.UserId}");
        await person.SayAsync("hello");
        await person.SeesOnceAsync("hello");
        Assert.InRange((await person.Chat.BoundingBoxAsync())!.Height, height / 2.5, height);
        Assert.Empty(person.Faults);
    }
}
