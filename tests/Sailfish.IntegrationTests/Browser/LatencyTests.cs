using System.Globalization;
using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Media;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>
/// Measures how late the picture is, from ffmpeg's input to what Chromium shows, on a machine that does nothing else. Only on demand:
/// <c>perf/latency</c>.
/// </summary>
public sealed class LatencyTests(BrowserFixture browser, ServerFixture<ForVideo> fixture, ITestOutputHelper output) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForVideo>>
{
    private const int Runs = 5;

    /// <summary>Ten seconds of them.</summary>
    private const int Pictures = 250;

    private const double Most = 1500;

    [Fact(Explicit = true)]
    public async Task The_picture_is_late_by_a_second_and_a_half_at_most()
    {
        var medians = new List<double>();
        for (var run = 0; run < Runs; run++)
            medians.Add(await MedianAsync());
        var median = MiddleOf(medians);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"glass to glass, p50 of each run in ms: {string.Join(", ", medians)}; the middle one {median}, at most {Most}"));
        Assert.InRange(median, 0, Most);
    }

    /// <summary>Each with another room, another encoder and another page.</summary>
    private async Task<double> MedianAsync()
    {
        var server = fixture.Server;
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var _ = anchor;
        await using var clock = await ClockPicture.StartAsync(anchor, room);
        using var viewer = await PageClient.SignUpAsync(server);
        await using var page = await PagePerson.OpenAsync(browser, viewer, fragment: $"#/room/{room}");
        return MiddleOf(await ClockPicture.LatenessAsync(page.Page.Locator("video"), Pictures));
    }

    private static double MiddleOf(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
