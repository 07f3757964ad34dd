using System.Text.Json;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>A room where much is said: the page keeps up, and leaves the reader alone.</summary>
public sealed class SmoothnessTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private const int Kept = 200;
    private const int PerSecond = 20;
    private const int Before = 250;
    private const int Followed = Before + (PerSecond * 5);
    private const int Total = Followed + (PerSecond * 11);

    [Fact]
    public async Task The_list_keeps_the_newest_200_and_stands_still_for_who_looks_back()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(fixture.Server);
        using var _ = anchor;
        await using var there = await anchor.ConnectAsync(room);
        using var reader = await PageClient.SignUpAsync(fixture.Server);
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

        // Who reads the newest follows it.
        await TalkAsync(there, room, Before + 1, Followed);
        await Assertions.Expect(page.Said).ToHaveTextAsync(Texts(Followed - Kept + 1, Followed));
        await Assertions.Expect(page.ButtonOf("Jump to the latest messages")).ToHaveCountAsync(0);

        // Who looks back sees what is in view stay, while more comes than the list keeps.
        await page.Chat.EvaluateAsync("log => { log.scrollTop -= 3000; }");
        var newer = page.ButtonOf("Jump to the latest messages");
        await Assertions.Expect(newer).ToBeVisibleAsync();
        var (text, place) = await InViewAsync(page);
        await TalkAsync(there, room, Followed + 1, Total);
        await Assertions.Expect(newer).ToHaveTextAsync($"{Total - Followed} new");
        var (textLater, placeLater) = await InViewAsync(page);
        Assert.Equal(text, textLater);
        Assert.InRange(placeLater, place - 2, place + 2);
        Assert.Equal(Kept, await page.Said.CountAsync());

        await newer.ClickAsync();
        await Assertions.Expect(page.Said).ToHaveTextAsync(Texts(Total - Kept + 1, Total));
        await Assertions.Expect(newer).ToHaveCountAsync(0);

        // Generous: the machine is shared.
        Assert.InRange(await page.Page.EvaluateAsync<double>("() => window.longest"), 0, 2000);
        Assert.Empty(page.Faults);
    }

    private static async Task TalkAsync(TestClient there, long room, int first, int last)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        for (var n = first; n <= last && await beat.WaitForNextTickAsync(); n++)
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
