using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>Likes of others are seen, and none is shown that the server does not get.</summary>
public sealed class LikeTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string CountHearts = """
        () => {
          window.hearts = 0;
          new MutationObserver((changes) => {
            for (const change of changes)
              for (const node of change.addedNodes) if (node.classList?.contains('heart')) window.hearts++;
          }).observe(document.querySelector('.stage'), { childList: true, subtree: true });
        }
        """;

    [Fact]
    public async Task Likes_of_others_fly_and_those_that_reach_no_server_are_not_shown()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync(ForBrowsers.Settings);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var _ = anchor;
        await using var person = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await person.SeesAsync("No messages yet");
        await person.Page.EvaluateAsync(CountHearts);
        using var viewer = await PageClient.SignUpAsync(server);
        await using (await viewer.ConnectAsync(room))
            await viewer.OkAsync("/living/like", ("roomId", room), ("count", 50));
        await Assertions.Expect(person.ButtonOf("Like, 50 likes")).ToBeVisibleAsync();
        await person.Page.WaitForFunctionAsync("() => window.hearts === 12");

        await server.KillAsync();
        await Assertions.Expect(person.ButtonOf("Like, 50 likes")).ToHaveAttributeAsync("aria-disabled", "true");
        await person.ButtonOf("Like, 50 likes").ClickAsync(new() { Force = true });
        Assert.Equal(12, await person.Page.EvaluateAsync<int>("() => window.hearts"));
        await server.StartAgainAsync();
        await person.ConnectedAsync();
        await Assertions.Expect(person.ButtonOf("Like, 50 likes")).ToBeEnabledAsync();
        // Killed, it may not have kept all of them.
        var kept = await LikesAsync();
        await person.ButtonOf("Like, 50 likes").ClickAsync();
        await Assertions.Expect(person.ButtonOf("Like, 51 likes")).ToBeVisibleAsync();
        await Wait.UntilAsync(async () => await LikesAsync() == kept + 1, "the like to reach the server");
        Assert.Empty(person.Faults);

        async Task<long> LikesAsync() => (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Number("likes");
    }
}
