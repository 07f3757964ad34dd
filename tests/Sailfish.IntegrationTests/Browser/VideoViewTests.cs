using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Media;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What stands around a picture and in its place, and where a picture can come from.</summary>
public sealed class VideoViewTests(BrowserFixture browser, ServerFixture<ForVideo> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForVideo>>, IAsyncDisposable
{
    private const string Chinese = "zh-CN";

    /// <summary>Each language once, and each size; the others with <c>./test --long</c>.</summary>
    private static readonly Screen[] Screens =
    [
        new(IsStill: true), new(IsPhone: true, IsStill: true, Locale: Chinese),
        .. LongTests.AreOn ? (Screen[])[new(IsStill: true, Locale: Chinese), new(IsPhone: true, IsStill: true)] : [],
    ];

    private readonly ViewCheck _view = new();
    private readonly List<(PagePerson Person, Screen Screen)> _people = [];

    private ServerProcess Server => fixture.Server;

    public async ValueTask DisposeAsync()
    {
        foreach (var (person, _) in _people)
            await person.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_wrong_with_what_viewers_see_while_a_picture_comes_goes_and_is_kept_from_them()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await anchor.OkAsync("/living/edit", ("roomId", room), ("announcement", string.Join('\n', Enumerable.Repeat("Soup at eight. 八点喝汤。", 6))));
        List<PageClient> viewers = [];
        foreach (var screen in Screens)
        {
            viewers.Add(await PageClient.SignUpAsync(Server));
            _people.Add((await PagePerson.OpenAsync(browser, viewers[^1], screen, $"#/room/{room}"), screen));
        }

        await AllSeeAsync("No video right now", "现在没有画面");
        foreach (var (person, _) in _people)
            await person.Page.Locator(".more[aria-expanded=false]").ClickAsync();
        await using (var first = await anchor.PublishAsync(room))
        {
            await AllSeeAsync("Unmute", "取消静音");
            await first.KillAsync();
            await AllSeeAsync("The host will be right back", "主播暂时离开");
        }

        await using (var second = await anchor.PublishAsync(room))
        {
            await _people[0].Person.PlaysAsync();
            await second.StopAsync();
            await AllSeeAsync("The video has ended", "画面已结束");
        }

        foreach (var (person, _) in _people)
            await person.Page.RouteAsync("**/living/anchorConfig", GiveNoGoodTokenAsync);
        await using var third = await anchor.PublishAsync(room);
        await AllSeeAsync("You cannot watch this video", "你不能观看这个画面");

        await Task.WhenAll(viewers.Select(viewer => anchor.OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId))));
        await AllSeeAsync("You can come back in", "后可以再来");
        NothingIsWrong();
        foreach (var viewer in viewers)
            viewer.Dispose();
    }

    [Fact]
    public async Task Nothing_is_wrong_with_what_an_anchor_sees_on_the_way_on_air()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        // A phone has the least room; the others with ./test --long.
        foreach (var screen in LongTests.AreOn ? Screens : Screens[1..2])
            _people.Add((await PagePerson.OpenAsync(browser, anchor, screen, $"#/room/{room}"), screen));
        await AllSeeAsync("Your video is off", "你还没有开播");
        await using var publisher = await anchor.PublishAsync(room);
        foreach (var (person, screen) in _people)
        {
            var isChinese = screen.Locale == Chinese;
            await person.PressAsync(isChinese ? "正由其他程序直播" : "Video from another app");
            await person.PressAsync(isChinese ? "打开摄像头" : "Turn on the camera");
            await Assertions.Expect(person.ButtonOf(isChinese ? "改从这里开播" : "Start video here instead")).ToBeVisibleAsync();
            await LookAsync(person, screen, "camera");
            await person.ChooseTabAsync(isChinese ? "屏幕" : "Screen");
            await person.PressAsync(isChinese ? "选择要共享的内容" : "Choose what to show");
            await Assertions.Expect(person.ButtonOf(isChinese ? "改从这里开播" : "Start video here instead")).ToBeVisibleAsync();
            await LookAsync(person, screen, "screen");
            await person.ChooseTabAsync("OBS");
            await person.PressAsync(isChinese ? "显示推流码" : "Show the key");
            await LookAsync(person, screen, "OBS");
        }

        NothingIsWrong();
    }

    [Fact]
    public async Task A_stage_fills_the_window_and_the_screen_and_its_picture_stands_over_other_windows()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var publisher = await anchor.PublishAsync(room);
        await using var guest = await PagePerson.OpenAsync(browser, Server);
        await guest.GoToAsync($"#/room/{room}");
        await guest.PlaysAsync();

        await guest.PressAsync("Theatre mode: hide the chat");
        await Assertions.Expect(guest.Chat).ToBeHiddenAsync();
        var stage = guest.Page.Locator(".stage");
        Assert.Equal(guest.Page.ViewportSize!.Width, (await stage.BoundingBoxAsync())!.Width);
        await guest.PressAsync("Show the chat");
        await Assertions.Expect(guest.Chat).ToBeVisibleAsync();

        await guest.PressAsync("Full screen");
        await Assertions.Expect(guest.ButtonOf("Exit full screen")).ToBeVisibleAsync();
        Assert.True(await stage.EvaluateAsync<bool>("stage => document.fullscreenElement === stage"));
        await guest.PressAsync("Exit full screen");
        await Assertions.Expect(guest.ButtonOf("Full screen")).ToBeVisibleAsync();
        Assert.True(await guest.Page.EvaluateAsync<bool>("document.fullscreenElement === null"));

        await guest.PressAsync("Picture in picture");
        await Wait.UntilAsync(() => guest.Picture().EvaluateAsync<bool>("video => document.pictureInPictureElement === video"), "the picture over other windows");
        await guest.PressAsync("Picture in picture");
        await Wait.UntilAsync(() => guest.Page.EvaluateAsync<bool>("document.pictureInPictureElement === null"), "the picture in the page");
        await guest.PlaysAsync();
        Assert.Empty(guest.Faults);
    }

    [Fact]
    public async Task A_screen_without_a_voice_is_seen_in_another_browser_without_a_sound_and_in_the_list()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var from = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await using var guest = await PagePerson.OpenAsync(browser, Server);
        await guest.GoToAsync($"#/room/{room}");
        await from.PressAsync("Start video");
        await from.ChooseTabAsync("Screen");
        await from.Dialog.GetByLabel("Use the microphone").UncheckAsync();
        await from.PressAsync("Choose what to show");
        await from.GoOnAirAsync();
        await guest.PlaysAsync();
        await Assertions.Expect(guest.ButtonOf("Full screen")).ToBeVisibleAsync();
        await Assertions.Expect(guest.ButtonOf("Unmute")).ToHaveCountAsync(0);

        // The anchor's page sends a cover once the picture has been there for some seconds; the list shows it when it is asked for.
        await Wait.UntilAsync(async () => (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Text("covertImg") != "", "a cover");
        await guest.GoToAsync("#/");
        var cover = guest.LinkOf($".*{anchor.Name}").Locator("img[src*='/live/']");
        await Wait.UntilAsync(() => cover.EvaluateAsync<bool>("image => image.complete && image.naturalWidth === 480"), "the cover in the list");
        await from.PressAsync("Stop the video");
        Assert.Empty(from.Faults.Concat(guest.Faults));
    }

    [Fact]
    public async Task A_camera_takes_the_place_of_another_program_as_it_was_chosen()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var other = await anchor.PublishAsync(room);
        await using var guest = await PagePerson.OpenAsync(browser, Server);
        await guest.GoToAsync($"#/room/{room}");
        await guest.PlaysAsync();
        await using var from = await PagePerson.OpenAsync(browser, anchor, fragment: $"#/room/{room}");
        await from.PressAsync("Video from another app");
        await from.SeesAsync("your camera takes over");
        await from.PressAsync("Turn on the camera");
        var camera = from.Dialog.GetByRole(AriaRole.Combobox, new() { Name = "Camera" });
        await camera.SelectOptionAsync(new SelectOptionValue { Index = 3 });
        await from.Dialog.GetByLabel("720p").CheckAsync();
        var preview = from.Dialog.Locator("video");
        await Wait.UntilAsync(
            async () => await preview.EvaluateAsync<string>("video => { const { deviceId, height } = video.srcObject?.getVideoTracks()[0]?.getSettings() ?? {}; return `${deviceId} ${height}`; }")
                == $"{await camera.InputValueAsync()} 720",
            "the other camera");
        await from.GoOnAirAsync("Start video here instead");
        await Wait.UntilAsync(() => guest.Picture().EvaluateAsync<bool>("video => video.videoHeight === 720"), "the camera's picture");
        await guest.PlaysAsync();
        await Assertions.Expect(from.Dialog.GetByText("takes over")).ToHaveCountAsync(0);
        await Wait.UntilAsync(() => other.HasExited, "the other program to be cut");
        await from.PressAsync("Stop the video");
        await from.Page.Keyboard.PressAsync("Escape");
        // What comes back for a moment after the end is no other program's.
        await Assertions.Expect(from.ButtonOf("Video from another app")).ToHaveCountAsync(0);
        await from.SeesAsync("Your video is off");
        Assert.Empty(from.Faults.Concat(guest.Faults));
    }

    private static async Task GiveNoGoodTokenAsync(IRoute route)
    {
        var answer = await route.FetchAsync();
        await route.FulfillAsync(new() { Response = answer, Body = Regex.Replace(await answer.TextAsync(), "token=[^\"]+", "token=none") });
    }

    private async Task AllSeeAsync(string english, string chinese)
    {
        foreach (var (person, screen) in _people)
        {
            await person.SeesAsync(screen.Locale == Chinese ? chinese : english);
            await LookAsync(person, screen, english);
        }
    }

    private Task LookAsync(PagePerson person, Screen screen, string what) => _view.LookAsync(person, $"{what}, {screen}, {screen.Locale}");

    private void NothingIsWrong()
    {
        _view.FoundNothing();
        Assert.Empty(_people.SelectMany(each => each.Person.Faults));
    }
}
