using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

public sealed class PageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_room_is_opened_chatted_in_over_a_restart_moderated_closed_and_recorded()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync($"Http:PageDir={PageFolder.Path}");
        await using var alice = await PagePerson.OpenAsync(browser, server);
        await alice.SignUpAsync("alice");
        await alice.Page.GetByRole(AriaRole.Link, new() { Name = "See how" }).ClickAsync();
        await alice.SeesAsync("dotnet run -c Release --project src/Sailfish.Cli -- tag --user 100001 --tag vip --http http://127.0.0.1:" + server.HttpPort);
        await alice.SeesAsync("sailfish tag --user 100001 --tag vip");
        using (var tag = await server.Http.PostAsJsonAsync("api/v1/users/100001/tags", new { tag = "vip" }))
            tag.EnsureSuccessStatusCode();
        await alice.PressAsync("I am a VIP now");
        await Assertions.Expect(alice.ButtonOf("I am a VIP now")).ToHaveCountAsync(0);
        await alice.GoToAsync("#/");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Open a room" }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Open a room" }).Last.ClickAsync();
        await alice.ConnectedAsync();

        await using var bob = await PagePerson.OpenAsync(browser, server, isOnPhone: true, isDark: true);
        await bob.SignUpAsync("bob");
        await bob.EnterRoomOfAsync("alice");
        await bob.SayAsync("hello from <b>bob</b> 旗鱼");
        await alice.SeesOnceAsync("hello from <b>bob</b> 旗鱼");
        await alice.SayAsync("welcome");
        await bob.SeesOnceAsync("welcome");
        await ArrivesWithinASecondAsync(bob, alice);
        await ArrivesWithinASecondAsync(alice, bob);

        // Away for a moment: what is written meanwhile waits, and arrives once.
        await server.KillAsync();
        await alice.SayAsync("written while the server was away");
        await server.StartAgainAsync();
        await alice.ConnectedAsync();
        await bob.ConnectedAsync();
        await bob.SeesOnceAsync("written while the server was away");
        await bob.SayAsync("back again");
        await alice.SeesOnceAsync("back again");
        await alice.SeesOnceAsync("hello from <b>bob</b> 旗鱼");

        await bob.Page.GetByLabel("Message", new() { Exact = true }).FillAsync("may I?");
        await alice.Chat.GetByRole(AriaRole.Button, new() { NameRegex = new("bob") }).First.ClickAsync();
        await alice.PressAsync("Mute for 10 min");
        await alice.SeesAsync("bob is muted.");
        await bob.Page.GetByLabel("Message", new() { Exact = true }).PressAsync("Enter");
        await bob.SeesAsync("You were muted when you sent this.");
        Assert.Equal(0, await alice.Chat.GetByText("may I?").CountAsync());

        for (var n = 0; n < 3; n++)
            await bob.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Like") }).ClickAsync();
        await Assertions.Expect(alice.Page.GetByRole(AriaRole.Button, new() { Name = "Like, 3 likes" })).ToBeVisibleAsync();

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Close room", Exact = true }).ClickAsync();
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Close now" }).ClickAsync();
        await bob.SeesAsync("Room closed");
        await alice.Page.GetByRole(AriaRole.Link, new() { Name = "Me", Exact = true }).First.ClickAsync();
        var record = alice.Page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Row).Nth(1);
        await Assertions.Expect(record.GetByRole(AriaRole.Cell)).ToHaveTextAsync(
        [
            new Regex("^\\s*alice\\s*$"), new Regex("\\d{4}, \\d+:\\d\\d"), new Regex("^\\d+ (s|min)$"), new Regex("^2$"), new Regex("^3$"),
        ]);

        Assert.Empty(alice.Faults);
        Assert.Empty(bob.Faults);
    }

    [Fact]
    public async Task Without_a_session_the_page_shows_the_rooms_and_offers_to_sign_up()
    {
        await using var server = await ServerProcess.StartAsync($"Http:PageDir={PageFolder.Path}");
        await using var visitor = await PagePerson.OpenAsync(browser, server);
        await visitor.SeesAsync("No rooms are open right now");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First).ToBeVisibleAsync();
        Assert.Empty(visitor.Faults);
    }

    /// <summary>A few tries: the machine may be busy with other tests for one of them, the page never with all.</summary>
    private static async Task ArrivesWithinASecondAsync(PagePerson from, PagePerson to)
    {
        var times = new List<TimeSpan>();
        do
        {
            var text = $"ping {Guid.NewGuid()}";
            var started = Stopwatch.GetTimestamp();
            await from.SayAsync(text);
            await to.SeesOnceAsync(text);
            times.Add(Stopwatch.GetElapsedTime(started));
        }
        while (times[^1] > TimeSpan.FromSeconds(1) && times.Count < 5);
        Assert.True(times[^1] <= TimeSpan.FromSeconds(1), string.Join(", ", times));
    }
}
