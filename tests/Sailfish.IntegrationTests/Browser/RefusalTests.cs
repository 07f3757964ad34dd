using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What was written and not taken: where it stands, and what may be done with it.</summary>
public sealed class RefusalTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Who_is_muted_sees_for_how_long_and_others_talk_on_below_what_was_refused()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var there = await anchor.ConnectAsync(room);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        // Written before: whoever begins to write asks.
        var message = person.Page.GetByLabel("Message", new() { Exact = true });
        await message.FillAsync("may I?");
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId), ("seconds", 8));
        await message.PressAsync("Enter");
        await person.SeesAsync("You were muted when you sent this.");
        await Assertions.Expect(message).ToHaveCountAsync(0);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Timer)).ToHaveTextAsync(new Regex("Muted, 0:0\\d left"));
        foreach (var content in new[] { "one", "two", "three" })
            await there.ChatInRoomAsync(room, content);
        await Assertions.Expect(person.Said).ToHaveTextAsync(["may I?", "one", "two", "three"]);
        await Assertions.Expect(person.ButtonOf("Send again")).ToHaveCountAsync(0);
        await person.PressAsync("Discard");
        await Assertions.Expect(person.Said).ToHaveTextAsync(["one", "two", "three"]);

        // It is over by itself.
        await Assertions.Expect(message).ToBeEnabledAsync();
        await person.SayAsync("I may");
        await Assertions.Expect(person.Said).ToHaveTextAsync(["one", "two", "three", "I may"]);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task What_is_refused_for_its_content_is_written_anew_not_sent_again()
    {
        await using var server = await ServerProcess.StartAsync([.. ForBrowsers.Settings, "Content:Words:0=kitten"]);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var _ = anchor;
        await using var person = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await RefusedAsync(person);
        using var viewer = await PageClient.SignUpAsync(server);
        await person.GoToAsync($"#/messages/{viewer.UserId}");
        await RefusedAsync(person);
        Assert.Empty(person.Faults);
    }

    private static async Task RefusedAsync(PagePerson person)
    {
        await person.SayAsync("my kitten");
        await person.SeesAsync("blocked because of its content");
        await Assertions.Expect(person.ButtonOf("Send again")).ToHaveCountAsync(0);
        // The sign stands beside the reason, however narrow the chat is.
        var sign = await person.Chat.Locator(".trouble svg").BoundingBoxAsync();
        var reason = await person.Chat.Locator(".trouble p").First.BoundingBoxAsync();
        Assert.InRange(sign!.Y - reason!.Y, -2, 12);
        Assert.True(sign.X + sign.Width <= reason.X);
        await person.PressAsync("Edit");
        await Assertions.Expect(person.Said).ToHaveCountAsync(0);
        var message = person.Page.GetByLabel("Message", new() { Exact = true });
        await Assertions.Expect(message).ToHaveValueAsync("my kitten");
        await Assertions.Expect(message).ToBeFocusedAsync();
        await person.SayAsync("my cat");
        await Assertions.Expect(person.Said).ToHaveTextAsync(["my cat"]);
    }
}
