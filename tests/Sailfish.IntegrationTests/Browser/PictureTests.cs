using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Media;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>
/// Takes the README's pictures: a lively evening, seen on a phone and a desktop, light and dark. Only on demand:
/// <c>Sailfish.IntegrationTests -explicit only -class "*PictureTests"</c>.
/// </summary>
public sealed class PictureTests(BrowserFixture browser, ServerFixture<ForVideo> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForVideo>>
{
    private static readonly (string Room, string Anchor, int Viewers)[] Evening =
    [
        ("Paula fixes bikes", "Paula", 23), ("小雨讲海洋", "小雨", 61), ("Morning pages", "Sora", 9), ("陈师傅的茶", "陈师傅", 37),
        ("Amir codes a game", "Amir", 48), ("林间吉他", "阿林", 30), ("Sourdough, live", "Greta", 17), ("Night noodles 深夜面馆", "Mia", 84),
    ];

    private static readonly (int Who, string Content)[] Talk =
    [
        (0, "Hello everyone!"), (1, "大家晚上好"), (2, "What is in the pot tonight?"), (-1, "Dan dan noodles, with a lot of chilli oil 担担面！"),
        (3, "看饿了"), (4, "Is the recipe somewhere?"), (-1, "In a minute. First the sauce: sesame paste, soy, vinegar."), (1, "多放点醋"),
    ];

    /// <summary>What is said while a picture is taken, by the viewer in front of the page first: another for each.</summary>
    private static readonly string[][] Flying =
    [
        ["It looks delicious!", "That smells good through the screen", "我也想吃！", "Chilli oil, please share the secret", "开饭啦", "好香"],
        ["看起来太好吃了！", "Is that Sichuan pepper?", "面要煮几分钟？", "Three minutes, not more", "学会了", "Now I am hungry as well"],
        ["Good evening from Lisbon", "Hello Lisbon!", "晚上好呀", "That bowl is beautiful", "刚到，错过了什么", "Only the sauce"],
        ["加葱花吗？", "Lots of them, please", "葱花是灵魂", "And peanuts on top", "完美", "I will try this tomorrow"],
    ];

    private readonly List<IAsyncDisposable> _present = [];

    [Fact(Explicit = true)]
    public async Task Takes_pictures_of_the_rooms_and_of_a_room()
    {
        var server = fixture.Server;
        List<(PageClient Anchor, TestClient There, long Room)> live = [];
        foreach (var (room, anchor, viewers) in Evening)
        {
            var person = await NamedAsync(server, anchor, isVip: true);
            var id = (await person.OkAsync("/living/startingLiving", ("type", 1), ("roomName", room))).Number("roomId");
            live.Add((person, await PresentAsync(person.ConnectAsync(id)), id));
            await LikeAsync(person, id, viewers * 7);
        }

        for (var viewer = 0; viewer < Evening.Max(e => e.Viewers) - 1; viewer++)
        {
            var client = await PresentAsync(TestClient.LogInAsync(server, 50_000 + viewer));
            for (var n = 0; n < live.Count; n++)
            {
                if (viewer < Evening[n].Viewers - 1)
                    await client.JoinAsync(live[n].Room);
            }
        }

        var (host, hosts, roomId) = live[^1];
        using var folder = new TemporaryDirectory();
        var (stage, cover) = await StageAsync(folder);
        await using var encoder = await host.PublishAsync(roomId, stage);
        Assert.Equal(200, (await host.CoverAsync(cover)).Code);
        List<TestClient> guests = [];
        foreach (var name in new[] { "Jonas", "小美", "Ines", "阿杰", "Tom" })
            guests.Add(await PresentAsync((await NamedAsync(server, name)).ConnectAsync(roomId)));
        foreach (var (who, content) in Talk)
            await SayAsync(who < 0 ? hosts : guests[who], content);

        Screen[] screens = [new(), new(IsDark: true), new(IsPhone: true), new(IsPhone: true, IsDark: true)];
        var heard = Talk[^1].Content;
        foreach (var (screen, flying) in screens.Zip(Flying))
        {
            using var viewer = await NamedAsync(server, "Vera");
            await using var person = await PagePerson.OpenAsync(browser, viewer, screen);
            await person.SeesAsync(Evening[^1].Room);
            await person.Page.GetByText("Want to open a room?").EvaluateAsync("hint => hint.closest('p').remove()");
            await person.Page.WaitForFunctionAsync("() => [...document.images].every((image) => image.complete)");
            await TakeAsync(person, $"home-{screen}");

            await person.GoToAsync($"#/room/{roomId}");
            await person.SeesOnceAsync(heard);
            await person.Page.WaitForFunctionAsync("() => document.querySelector('video')?.currentTime > 1");
            await person.SayAsync(flying[0]);
            foreach (var (guest, content) in guests.Zip(flying.Skip(1)))
            {
                await SayAsync(guest, content);
                // So that they fly one behind the other.
                await Pause.ForAsync(700);
            }

            heard = flying[^1];

            for (var n = 0; n < 6; n++)
            {
                await person.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Like") }).ClickAsync();
                // So that each like has its own place on the way up.
                await Pause.ForAsync(110);
            }

            await TakeAsync(person, $"room-{screen}");
        }

        foreach (var each in _present)
            await each.DisposeAsync();

        async Task SayAsync(TestClient client, string content)
        {
            await client.ChatInRoomAsync(roomId, content, Guid.NewGuid().ToString("N"));
            await client.ReceiveAsync(Code.Receipt);
        }
    }

    /// <summary>What is on the stage, which a browser draws and ffmpeg sends, and a cover of it.</summary>
    private async Task<(Programme Stage, byte[] Cover)> StageAsync(TemporaryDirectory folder)
    {
        var picture = Path.Combine(folder.Path, "stage.png");
        var page = await browser.Chromium.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 720 } });
        await page.GotoAsync($"file://{SourceTree.PathOf("tests/Sailfish.IntegrationTests/Browser/stage.svg")}");
        await page.ScreenshotAsync(new() { Path = picture });
        var cover = await page.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg, Quality = 80 });
        await page.CloseAsync();
        return (new Programme("-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p -g 25 -b:v 1500k") { Source = $"-re -loop 1 -framerate 10 -i {picture}" }, cover);
    }

    private static async Task TakeAsync(PagePerson person, string name) => await person.Page.ScreenshotAsync(new()
    {
        Path = SourceTree.PathOf($"docs/images/{name}.png"),
        Caret = ScreenshotCaret.Hide,
    });

    private static async Task<PageClient> NamedAsync(ServerProcess server, string nickName, bool isVip = false)
    {
        var client = await PageClient.SignUpAsync(server, isVip);
        await client.OkAsync("/account/profile", ("nickName", nickName));
        return client;
    }

    private static async Task LikeAsync(PageClient client, long room, int count)
    {
        for (var left = count; left > 0; left -= 50)
            await client.OkAsync("/living/like", ("roomId", room), ("count", Math.Min(50, left)));
    }

    private async Task<TestClient> PresentAsync(Task<TestClient> client)
    {
        _present.Add(await client);
        return await client;
    }
}
