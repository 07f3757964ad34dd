using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Media;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>A player page as the tutorial has it: a video element, mpegts.js, and the address of its FLV server.</summary>
public sealed class TutorialPlayerTests(BrowserFixture browser, ServerFixture<ForAnybody> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForAnybody>>
{
    private const string Play = """
        (url) => {
          const video = document.body.appendChild(document.createElement('video'));
          video.muted = true;
          window.faults = [];
          const player = mpegts.createPlayer({ type: 'flv', isLive: true, hasAudio: true, hasVideo: true, url });
          player.on(mpegts.Events.ERROR, (...fault) => window.faults.push(fault.join(' ')));
          player.attachMediaElement(video);
          player.load();
          player.play();
        }
        """;

    [Theory]
    [InlineData("/flv?app=live&&stream=")]
    [InlineData("/flv?app=live&stream=")]
    public async Task It_plays_unchanged(string path)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(fixture.Server);
        using var _ = anchor;
        await using var encoder = await anchor.PublishAsync(room);
        await using var context = await browser.Chromium.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(fixture.Server.Http.BaseAddress!, "/healthz").ToString());
        await page.AddScriptTagAsync(new() { Path = SourceTree.PathOf("web/node_modules/mpegts.js/dist/mpegts.js") });
        await page.EvaluateAsync(Play, new Uri(fixture.Server.Http.BaseAddress!, path + room).ToString());
        await page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 2 && document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames > 20");
        Assert.Empty(await page.EvaluateAsync<string[]>("() => window.faults"));
    }
}
