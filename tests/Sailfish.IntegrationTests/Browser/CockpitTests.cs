using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What a host sees of the own stream, and does about who is in it.</summary>
public sealed class CockpitTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_mutes_at_the_message_takes_it_back_in_the_list_and_reads_how_it_went(bool isOnPhone)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, anchor, new Screen(isOnPhone, IsStill: true), $"#/room/{room}");
        await person.ConnectedAsync();
        await using var there = await viewer.ConnectAsync(room);
        await there.ChatInRoomAsync(room, "hello");
        await person.SeesOnceAsync("hello");
        var cockpit = person.Page.GetByRole(AriaRole.Region, new() { Name = "Your room" });
        // It comes by itself, above the chat.
        await Assertions.Expect(cockpit.GetByRole(AriaRole.Button, new() { Name = "Details" })).ToBeVisibleAsync();

        var face = person.ButtonOf($"Options for {viewer.Name}");
        var (at, screen) = ((await face.BoundingBoxAsync())!, person.Page.ViewportSize!);
        await face.ClickAsync();
        var popover = (await person.Dialog.BoundingBoxAsync())!;
        Assert.True(popover.Y >= 0 && popover.Y + popover.Height <= screen.Height && popover.X >= 0 && popover.X + popover.Width <= screen.Width);
        Assert.True(Math.Min(Math.Abs(popover.Y - at.Y - at.Height), Math.Abs(popover.Y + popover.Height - at.Y)) < 20, $"It is not at the message: {popover.Y} to {popover.Y + popover.Height}, that is at {at.Y} to {at.Y + at.Height}.");
        await person.PressAsync("Mute for 1 h");
        await person.SeesAsync($"{viewer.Name} is muted.");

        await cockpit.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        var muted = cockpit.GetByRole(AriaRole.Region, new() { Name = "Muted" });
        await Assertions.Expect(muted).ToContainTextAsync(viewer.Name);
        await Assertions.Expect(muted).ToContainTextAsync("59:");
        await ViewCheck.OnceAsync(person);
        await muted.GetByRole(AriaRole.Button, new() { Name = $"Unmute: {viewer.Name}" }).ClickAsync();
        await Assertions.Expect(muted).ToContainTextAsync("Nobody is muted.");
        await there.ChatInRoomAsync(room, "hello again");
        await person.SeesOnceAsync("hello again");
        await person.Page.Keyboard.PressAsync("Escape");
        await person.PressAsync("Close room");
        await person.PressAsync("Close now");
        var summary = person.Page.GetByRole(AriaRole.Region, new() { Name = "How it went" });
        await Assertions.Expect(summary).ToContainTextAsync("Peak viewers");
        await Assertions.Expect(summary.Locator("dl > div").Last).ToHaveTextAsync("Messages2");
        await ViewCheck.OnceAsync(person);
        Assert.Empty(person.Faults);
    }
}
