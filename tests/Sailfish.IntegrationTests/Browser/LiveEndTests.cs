using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>How a stream ends, and what its anchor reads of it.</summary>
public sealed class LiveEndTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Who_signs_out_while_live_is_asked_and_leaves_no_room_behind()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        // A page that was loaded anew goes back into it, wherever it is.
        await person.GoToAsync("#/me");
        await person.Page.ReloadAsync();
        await Assertions.Expect(person.LinkOf("Your room is open")).ToBeVisibleAsync();
        await person.PressAsync("Sign out");
        await Assertions.Expect(person.Dialog).ToContainTextAsync("Your room is open");
        await person.PressAsync("Cancel");
        await person.SeesAsync($"User ID {anchor.UserId}");
        Assert.Equal(room, (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Number("roomId"));
        await person.PressAsync("Sign out");
        await person.PressAsync("Close and sign out");
        await person.SeesAsync("Sign in to continue");
        Assert.Equal(-1, (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Number("roomId"));
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task An_anchor_who_comes_back_reads_that_the_live_ended_meanwhile_and_goes_live_again()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        await using var person = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await person.SeesAsync("Your room closed while you were away.");
        await person.PressAsync("Open a room again");
        await person.Dialog.GetByRole(AriaRole.Button, new() { Name = "Open a room", Exact = true }).ClickAsync();
        await Assertions.Expect(person.Page).ToHaveURLAsync(new Regex($"#/room/(?!{room}$)"));
        await person.SeesAsync("No messages yet");

        // From elsewhere, before the anchor's eyes; and by the anchor's own hand.
        var again = long.Parse(Regex.Match(person.Page.Url, @"\d+$").Value, System.Globalization.CultureInfo.InvariantCulture);
        await anchor.OkAsync("/living/closeLiving", ("roomId", again));
        await person.SeesAsync("Your room was closed from elsewhere.");
        await person.PressAsync("Open a room again");
        await person.Dialog.GetByRole(AriaRole.Button, new() { Name = "Open a room", Exact = true }).ClickAsync();
        await person.SeesAsync("No messages yet");
        await person.PressAsync("Close room");
        await person.PressAsync("Close now");
        await person.SeesAsync("You closed your room.");
        await person.Page.ReloadAsync();
        await person.SeesAsync("You closed your room.");
        Assert.Empty(person.Faults);
    }
}
