using Microsoft.Playwright;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>A room's picture, as somebody sees it.</summary>
internal static class PictureSteps
{
    /// <summary>What comes from the server; an anchor who sends sees the camera itself instead.</summary>
    public static ILocator Picture(this PagePerson person) => person.Page.Locator(".picture > video:first-child");

    /// <summary>Time goes on, and a second's worth of pictures is shown.</summary>
    public static async Task PlaysAsync(this PagePerson person)
    {
        var video = person.Picture();
        await Assertions.Expect(video).ToBeVisibleAsync();
        var (time, frames) = (await TimeAsync(), await FramesAsync());
        await Wait.UntilAsync(async () => await TimeAsync() > time + 1 && await FramesAsync() >= frames + 25, "the picture");
        Assert.True(await video.EvaluateAsync<bool>("video => video.error === null"));

        Task<double> TimeAsync() => video.EvaluateAsync<double>("video => video.currentTime");
        Task<int> FramesAsync() => video.EvaluateAsync<int>("video => video.getVideoPlaybackQuality().totalVideoFrames");
    }

    /// <summary>The anchor's dialog, from where the picture can come.</summary>
    public static Task ChooseTabAsync(this PagePerson person, string tab) => person.Page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();

    /// <summary>Sends what is in the dialog, until the server shows it.</summary>
    public static async Task GoOnAirAsync(this PagePerson person, string button = "Start video")
    {
        await person.Dialog.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Assertions.Expect(person.Dialog.GetByText("Video on", new() { Exact = true }).First).ToBeVisibleAsync();
    }
}
