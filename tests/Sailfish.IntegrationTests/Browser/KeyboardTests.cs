using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>Everything without a pointer.</summary>
public sealed class KeyboardTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    [Fact]
    public async Task Somebody_with_a_keyboard_signs_up_enters_a_room_talks_and_opens_and_closes_dialogs()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(fixture.Server);
        using var _ = anchor;
        await using var there = await anchor.ConnectAsync(room);
        await using var person = await PagePerson.OpenAsync(browser, fixture.Server);
        var keyboard = person.Page.Keyboard;
        await person.SeesAsync(anchor.Name);

        // The first stop leads past the header.
        await keyboard.PressAsync("Tab");
        await Assertions.Expect(person.LinkOf("Skip to content")).ToBeFocusedAsync();

        await TabToAsync(person, "^Sign up$");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(person.Dialog.GetByLabel("Name", new() { Exact = true })).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(person.Dialog).ToBeHiddenAsync();
        await Assertions.Expect(person.ButtonOf("Sign up")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await keyboard.TypeAsync("keys-only");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync(PagePerson.Password);
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(person.Dialog).ToBeHiddenAsync();

        await TabToAsync(person, anchor.Name);
        await keyboard.PressAsync("Enter");
        await person.ConnectedAsync();
        await person.SeesAsync("No messages yet");
        await there.ChatInRoomAsync(room, "welcome");
        await person.SeesOnceAsync("welcome");
        await TabToAsync(person, "^Message$");
        await keyboard.TypeAsync("hello");
        await keyboard.PressAsync("Enter");
        await person.SeesOnceAsync("hello");
        await Assertions.Expect(person.Page.GetByLabel("Message", new() { Exact = true })).ToBeFocusedAsync();

        await TabToAsync(person, $"^Options for {anchor.Name}$", backwards: true);
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(person.Dialog).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(person.Dialog).ToBeHiddenAsync();
        await Assertions.Expect(person.ButtonOf($"Options for {anchor.Name}")).ToBeFocusedAsync();

        await TabToAsync(person, "^Like", backwards: true);
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(person.ButtonOf("Like, 1 like")).ToBeFocusedAsync();
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Who_goes_live_by_keyboard_is_in_the_room_with_the_focus_and_hears_what_it_is_called()
    {
        using var vip = await PageClient.SignUpAsync(fixture.Server, vip: true);
        await using var person = await PagePerson.OpenAsync(browser, vip);
        var heading = person.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Assertions.Expect(person.ButtonOf("Open a room")).ToBeVisibleAsync();
        await Assertions.Expect(person.Page).ToHaveTitleAsync("Sailfish");
        await TabToAsync(person, "^Open a room$");
        await person.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(person.Dialog.GetByLabel("Title")).ToBeFocusedAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        await person.SeesAsync("No messages yet");
        await Assertions.Expect(heading).ToBeFocusedAsync();
        await Assertions.Expect(person.Page).ToHaveTitleAsync($"{vip.Name} · Sailfish");
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = $"{vip.Name} · Sailfish" })).ToHaveCountAsync(1);

        // The end takes away what has the focus as well.
        await TabToAsync(person, "^Close room$");
        await person.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(person, "^Close now$");
        await person.Page.Keyboard.PressAsync("Enter");
        await person.SeesAsync("You closed your room.");
        await Assertions.Expect(heading).ToBeFocusedAsync();
        Assert.Empty(person.Faults);
    }

    /// <summary>Presses Tab until what has the focus is called like this.</summary>
    private static async Task TabToAsync(PagePerson person, string pattern, bool backwards = false)
    {
        const string focused = """
            () => {
              const element = document.activeElement;
              const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(' ');
              return (element.ariaLabel || labels || element.innerText || '').trim();
            }
            """;
        for (var stop = 0; stop < 60; stop++)
        {
            await person.Page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
            if (Regex.IsMatch(await person.Page.EvaluateAsync<string>(focused), pattern))
                return;
        }

        Assert.Fail($"Nothing called like '{pattern}' gets the focus.");
    }
}
