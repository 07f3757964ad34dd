using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Page;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>A room where much is said: the page keeps up, and leaves the reader alone.</summary>
public sealed class SmoothnessTests(BrowserFixture browser, BrowserServer shared) : IClassFixture<BrowserFixture>, IClassFixture<BrowserServer>
{
    private const int Kept = 200;
    private const int PerSecond = 20;
    private const int Seconds = 15;
    private const int Before = 250;
    private const int Total = Before + (PerSecond * Seconds);

    [Fact]
    public async Task The_list_Keeps_the_newest_200_and_stands_still_for_who_looks_back()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(shared.Server);
        using var _ = anchor;
        await using var there = await anchor.ConnectAsync(room);
        using var reader = await PageClient.SignUpAsync(shared.Server);
        await using var page = await PagePerson.OpenAsync(browser, reader, fragment: $"#/room/{room}");
        await page.ConnectedAsync();
        await page.SeesAsync("No messages yet");
        for (var n = 1; n <= Before; n++)
            await SayAsync(there, room, n);
        await Assertions.Expect(page.Said).ToHaveTextAsync(Texts(Before - Kept + 1, Before));

        await page.Page.EvaluateAsync("""
            () => {
              window.longest = 0;
              new PerformanceObserver((list) => {
                for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
              }).observe({ type: 'longtask' });
            }
            """);
        var talking = TalkAsync(there, room);

        // Who reads the newest follows it.
        await page.Page.WaitForFunctionAsync("least => Number([...document.querySelectorAll('.text')].at(-1).textContent.match(/\\d+/)[0]) >= least", Before + 60);
        Assert.InRange(await page.Said.CountAsync(), 1, Kept);
        await Assertions.Expect(page.ButtonOf("To the newest messages")).ToHaveCountAsync(0);

        // Who looks back sees what is in view stay, while hundreds of others come, more than the list keeps.
        await page.Chat.HoverAsync();
        await page.Page.Mouse.WheelAsync(0, -3000);
        var newer = page.ButtonOf("To the newest messages");
        await Assertions.Expect(newer).ToBeVisibleAsync();
        var (text, place) = await InViewAsync(page);
        await Assertions.Expect(newer).ToHaveTextAsync(new Regex("^[12]\\d\\d new$"));
        var (textLater, placeLater) = await InViewAsync(page);
        Assert.Equal(text, textLater);
        Assert.InRange(placeLater, place - 2, place + 2);
        Assert.InRange(await page.Said.CountAsync(), 1, Kept);

        await talking;
        await newer.ClickAsync();
        await Assertions.Expect(page.Said).ToHaveTextAsync(Texts(Total - Kept + 1, Total));
        await Assertions.Expect(newer).ToHaveCountAsync(0);

        // Generous: the machine is shared. A page that stutters has tasks of seconds here.
        Assert.InRange(await page.Page.EvaluateAsync<double>("() => window.longest"), 0, 1000);
        Assert.Empty(page.Faults);
    }

    private static async Task TalkAsync(TestClient there, long room)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        for (var n = Before + 1; n <= Total && await beat.WaitForNextTickAsync(); n++)
            await SayAsync(there, room, n);
    }

    private static Task SayAsync(TestClient there, long room, int n) => there.ChatInRoomAsync(room, Text(n));

    /// <summary>The first message that stands whole in view, and where.</summary>
    private static async Task<(string Text, double Top)> InViewAsync(PagePerson page)
    {
        var found = await page.Chat.EvaluateAsync<JsonElement>("""
            (log) => {
              const top = log.getBoundingClientRect().top;
              const first = [...log.querySelectorAll('.text')].find((text) => text.getBoundingClientRect().top >= top);
              return { text: first.textContent, top: first.getBoundingClientRect().top };
            }
            """);
        return (found.GetProperty("text").GetString()!, found.GetProperty("top").GetDouble());
    }

    private static string Text(int n) => $"message {n}";

    private static List<string> Texts(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(Text)];
}
