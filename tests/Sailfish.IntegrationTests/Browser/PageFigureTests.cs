using System.Globalization;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>
/// Measures the page on a machine that does nothing else, for docs/performance.md. Only on demand:
/// <c>Sailfish.IntegrationTests -explicit only -showLiveOutput -class "*PageFigureTests"</c>.
/// </summary>
public sealed class PageFigureTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture, ITestOutputHelper output)
    : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private const int PerSecond = 20;
    private const int SlowBytesPerSecond = 12 * 1024;
    private static readonly ViewportSize Desktop = new() { Width = 1440, Height = 900 };

    /// <summary>What takes the longest in a busy room: texts fly wherever there is room for one.</summary>
    [Fact(Explicit = true)]
    public async Task The_longest_task_where_much_is_said_and_flies()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(fixture.Server);
        using var _ = anchor;
        await using var there = await anchor.ConnectAsync(room);
        using var viewer = await PageClient.SignUpAsync(fixture.Server);
        await using var person = await PagePerson.OpenAsync(browser, viewer);
        await person.Page.SetViewportSizeAsync(Desktop.Width, Desktop.Height);
        await person.Page.EvaluateAsync("""() => localStorage.setItem('sailfish.danmaku.look', JSON.stringify({ opacity: 100, size: 'small', area: 'whole', density: 'all', blocked: [] }))""");
        await person.Page.ReloadAsync();
        await person.GoToAsync($"#/room/{room}");
        await person.ConnectedAsync();
        await person.SeesAsync("No messages yet");
        await person.Page.EvaluateAsync("""
            () => {
              Object.assign(window, { longest: 0, most: 0, frames: 0, slow: 0 });
              new PerformanceObserver((list) => {
                for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
              }).observe({ type: 'longtask' });
              let before = performance.now();
              const look = (now) => {
                window.frames++;
                if (now - before > 50) window.slow++;
                before = now;
                window.most = Math.max(window.most, document.querySelectorAll('.stage .layer .text').length);
                requestAnimationFrame(look);
              };
              requestAnimationFrame(look);
            }
            """);
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        for (var n = 1; n <= PerSecond * 25 && await beat.WaitForNextTickAsync(); n++)
            await there.ChatInRoomAsync(room, Text(n));
        output.WriteLine(await person.Page.EvaluateAsync<string>(
            "() => `longest task ${Math.round(window.longest)} ms, at most ${window.most} texts on the stage, ${window.frames} frames, ${window.slow} of them after more than 50 ms`"));
        Assert.Empty(person.Faults);
    }

    /// <summary>How long a slow line keeps people waiting, with nothing kept from before.</summary>
    [Theory(Explicit = true)]
    [InlineData("")]
    [InlineData("#/room/1000001")]
    public async Task What_a_slow_line_shows_when(string fragment)
    {
        await using var context = await browser.Chromium.NewContextAsync(new() { ViewportSize = Desktop });
        var page = await context.NewPageAsync();
        var session = await context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false,
            ["latency"] = 100,
            ["downloadThroughput"] = SlowBytesPerSecond,
            ["uploadThroughput"] = SlowBytesPerSecond,
        });
        await page.GotoAsync(new Uri(fixture.Server.Http.BaseAddress!, fragment).ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync("() => document.querySelector('main h1, main h2')", null, new() { Timeout = 120_000 });
        var painted = await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime");
        var there = await page.EvaluateAsync<double>("() => performance.now()");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(fragment.Length == 0 ? "list" : "room")} at {SlowBytesPerSecond / 1024} KB/s: something to see after {painted / 1000:0.0} s, the page after {there / 1000:0.0} s"));
    }

    /// <summary>As long as people write.</summary>
    private static string Text(int n) => n % 3 == 0 ? $"{n} 好看" : n % 3 == 1 ? $"{n} hello" : $"{n} that looks good";
}
