using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sailfish.IntegrationTests.Harness;
using SixLabors.ImageSharp;

namespace Sailfish.IntegrationTests.Living;

/// <summary>Covers of rooms: what is taken, how it is served, and for how long.</summary>
public sealed class CoverTests(ServerFixture<ForManyPageCalls> fixture) : IClassFixture<ServerFixture<ForManyPageCalls>>
{
    private static readonly byte[] Jpeg = TestPictures.Jpeg();

    private ServerProcess Server => fixture.Server;

    public static TheoryData<byte[]> Pictures => [TestPictures.Jpeg(), TestPictures.WebP()];

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task A_cover_is_a_JPEG_at_the_address_that_the_list_and_the_room_name(byte[] picture)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var nobody = new PageClient(Server);
        Assert.Equal("", await ConfigCoverAsync(anchor, room));
        Assert.Equal("", await CardCoverAsync(nobody, room));
        var reply = await OkAsync(anchor.CoverAsync(picture));
        var path = $"/live/{room}.jpg";
        Assert.Equal((path, true), (reply.Text("covertImg"), reply.Flag("chosen")));
        Assert.Equal(path, await ConfigCoverAsync(anchor, room));
        await Wait.UntilAsync(async () => await CardCoverAsync(nobody, room) == path, "the list to show the cover");

        using var response = await nobody.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("max-age=30", response.Headers.CacheControl?.ToString());
        Assert.Equal("sandbox", response.Headers.GetValues("Content-Security-Policy").Single());
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xFF, 0xD8, 0xFF], bytes[..3]);
        using var served = Image.Load(bytes);
        Assert.Equal((16, 8), (served.Width, served.Height));
    }

    [Fact]
    public async Task Who_has_a_cover_is_told_that_it_is_the_same_and_gets_another_one()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await OkAsync(anchor.CoverAsync(Jpeg));
        var (_, tag) = await GetAsync(room);
        Assert.NotNull(tag);
        Assert.Equal((HttpStatusCode.NotModified, tag), await GetAsync(room, tag));
        Assert.Equal((HttpStatusCode.OK, tag), await GetAsync(room, method: HttpMethod.Head));
        await OkAsync(anchor.CoverAsync(TestPictures.Jpeg(32, 16)));
        var (status, other) = await GetAsync(room, tag);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotEqual(tag, other);
    }

    [Fact]
    public async Task A_room_without_a_cover_one_that_closed_and_one_that_never_was_have_none()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        foreach (var none in new[] { room, 1, 1_999_999, long.MaxValue })
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(none)).Status);
        await OkAsync(anchor.CoverAsync(Jpeg));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(room)).Status);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(room)).Status);
        Assert.Equal(501, (await anchor.CoverAsync(Jpeg)).Code);
        var next = await anchor.StartAsync();
        Assert.Equal("", await ConfigCoverAsync(anchor, next));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(next)).Status);
    }

    [Fact]
    public async Task Only_the_anchor_of_an_open_room_gives_a_cover()
    {
        using var viewer = await PageClient.SignUpAsync(Server);
        Assert.Equal(501, (await viewer.CoverAsync(Jpeg)).Code);
        Assert.Equal(501, (await viewer.CoverAsync(null, auto: "true")).Code);
        using var nobody = new PageClient(Server);
        Assert.Equal(401, (await nobody.CoverAsync(Jpeg)).Code);
    }

    [Fact]
    public async Task A_chosen_cover_stays_before_automatic_ones_until_the_anchor_wants_those_again()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        Assert.False((await OkAsync(anchor.CoverAsync(Jpeg, auto: "true"))).Flag("chosen"));
        var first = (await GetAsync(room)).Tag;
        Assert.False((await OkAsync(anchor.CoverAsync(TestPictures.Jpeg(20, 8), auto: "true"))).Flag("chosen"));
        Assert.NotEqual(first, (await GetAsync(room)).Tag);

        Assert.True((await OkAsync(anchor.CoverAsync(TestPictures.Jpeg(24, 8), auto: "false"))).Flag("chosen"));
        var chosen = (await GetAsync(room)).Tag;
        Assert.True((await OkAsync(anchor.CoverAsync(Jpeg, auto: "true"))).Flag("chosen"));
        Assert.Equal(chosen, (await GetAsync(room)).Tag);
        await OkAsync(anchor.CoverAsync(TestPictures.Jpeg(28, 8)));
        Assert.NotEqual(chosen, chosen = (await GetAsync(room)).Tag);

        Assert.False((await OkAsync(anchor.CoverAsync(null, auto: "true"))).Flag("chosen"));
        Assert.Equal(chosen, (await GetAsync(room)).Tag);
        Assert.False((await OkAsync(anchor.CoverAsync(Jpeg, auto: "true"))).Flag("chosen"));
        Assert.Equal(first, (await GetAsync(room)).Tag);
    }

    [Fact]
    public async Task What_is_no_whole_picture_of_a_kind_that_is_taken_is_refused_and_the_cover_stays()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await OkAsync(anchor.CoverAsync(Jpeg));
        var before = (await GetAsync(room)).Tag;
        byte[] large = TestPictures.Jpeg(600, 600), webP = TestPictures.WebP(600, 600);
        List<byte[]> files =
        [
            TestPictures.Png(), [], [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF, 0xD9], [0xFF, 0xD8, 0xFF, 0xDA, 0xFF, 0xD9],
            .. new[] { "<html><script>alert(1)</script>", "GIF89a", "<svg xmlns='http://www.w3.org/2000/svg'/>", "RIFF", "RIFFxxxxWAVEfmt ", "RIFF\0\0\0\0WEBPVP8 " }.Select(text => Encoding.Latin1.GetBytes(text)),
            .. new[] { 2, large.Length / 4, large.Length / 2, large.Length - 1000, large.Length - 2, large.Length - 1 }.Select(length => large[..length]),
            .. new[] { 12, 30, webP.Length / 2, webP.Length - 1 }.Select(length => webP[..length]),
            TestPictures.AnimatedWebP(),
        ];
        foreach (var (file, i) in files.Select((file, i) => (file, i)))
            Assert.True((await anchor.CoverAsync(file)).Code == 400, $"file {i}");
        Assert.Equal(400, (await anchor.CoverAsync(Jpeg, member: "picture")).Code);
        Assert.Equal(400, (await anchor.CoverAsync(Jpeg, auto: "perhaps")).Code);
        Assert.Equal(400, (await anchor.CoverAsync(Jpeg, auto: new string('t', 100))).Code);
        Assert.Equal(400, (await anchor.CoverAsync(null)).Code);
        Assert.Equal(400, (await anchor.CoverAsync([], auto: "true")).Code);
        Assert.Equal(before, (await GetAsync(room)).Tag);
    }

    [Theory]
    [InlineData(1920, 100, true)]
    [InlineData(100, 1920, true)]
    [InlineData(1921, 100, false)]
    [InlineData(100, 1921, false)]
    public async Task A_cover_of_more_pixels_than_a_screen_is_refused_though_nothing_else_is_wrong_with_it(int width, int height, bool isTaken)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        Assert.Equal(isTaken ? 200 : 400, (await anchor.CoverAsync(TestPictures.Jpeg(width, height))).Code);
        Assert.Equal(isTaken ? 200 : 400, (await anchor.CoverAsync(TestPictures.WebP(width, height))).Code);
        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await GetAsync(room)).Status);
    }

    [Theory]
    [InlineData(65_500, 65_500)]
    [InlineData(1921, 1)]
    [InlineData(0, 5)]
    public async Task A_cover_that_promises_too_many_pixels_is_refused_by_its_head(ushort width, ushort height)
    {
        var (anchor, _) = await PageClient.GoLiveAsync(Server);
        Assert.Equal(400, (await anchor.CoverAsync(TestPictures.PromisingJpeg(width, height))).Code);
    }

    [Fact]
    public async Task A_cover_of_too_many_bytes_is_refused_and_read_to_its_end()
    {
        var (anchor, _) = await PageClient.GoLiveAsync(Server);
        byte[] Longer(int length) => [.. Jpeg, .. new byte[length - Jpeg.Length]];
        await OkAsync(anchor.CoverAsync(Longer(200 * 1024)));
        Assert.Equal(400, (await anchor.CoverAsync(Longer((200 * 1024) + 1))).Code);
        Assert.Equal(400, (await anchor.CoverAsync(Longer(7 * 1024 * 1024))).Code);
    }

    [Fact]
    public async Task What_stands_behind_or_within_a_cover_beside_its_pixels_is_not_served()
    {
        const string Script = "<html><script>alert(1)</script>";
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        byte[] script = [.. Encoding.ASCII.GetBytes(Script)];
        foreach (var picture in new byte[][] { [.. Jpeg, .. script], [.. TestPictures.WebP(), .. script], TestPictures.JpegWithComment(Script), TestPictures.Photo() })
        {
            await OkAsync(anchor.CoverAsync(picture));
            using var response = await anchor.GetAsync($"/live/{room}.jpg");
            var served = await response.Content.ReadAsByteArrayAsync();
            foreach (var text in new[] { "script", "Exif", "secret-camera" })
                Assert.Equal(-1, served.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)));
        }
    }

    [Fact]
    public async Task A_large_cover_is_made_smaller()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await OkAsync(anchor.CoverAsync(TestPictures.Jpeg(1920, 1080)));
        using var response = await anchor.GetAsync($"/live/{room}.jpg");
        using var served = Image.Load(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal((960, 540), (served.Width, served.Height));
    }

    [Fact]
    public async Task One_cover_in_ten_seconds_is_taken()
    {
        await using var server = await ServerProcess.StartAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await OkAsync(anchor.CoverAsync(Jpeg));
        var refused = await anchor.CoverAsync(TestPictures.Jpeg(32, 16));
        Assert.Equal(429, refused.Code);
        Assert.InRange(refused.Http.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        // That automatic ones come again, or may not come, costs nothing.
        Assert.True((await OkAsync(anchor.CoverAsync(Jpeg, auto: "true"))).Flag("chosen"));
        Assert.False((await OkAsync(anchor.CoverAsync(null, auto: "true"))).Flag("chosen"));
        Assert.Equal($"/live/{room}.jpg", await ConfigCoverAsync(anchor, room));
    }

    [Fact]
    public async Task A_room_that_goes_on_after_a_restart_has_its_cover_and_one_that_ended_meanwhile_has_none()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        var (other, ended) = await PageClient.GoLiveAsync(server);
        await OkAsync(anchor.CoverAsync(Jpeg));
        await OkAsync(other.CoverAsync(Jpeg));
        using var before = await anchor.GetAsync($"/live/{room}.jpg");
        await other.OkAsync("/living/closeLiving", ("roomId", ended));
        await server.KillAsync();
        await server.StartAgainAsync();
        using var after = await anchor.GetAsync($"/live/{room}.jpg");
        Assert.Equal((HttpStatusCode.OK, before.Headers.ETag), (after.StatusCode, after.Headers.ETag));
        Assert.Equal(await before.Content.ReadAsByteArrayAsync(), await after.Content.ReadAsByteArrayAsync());
        Assert.Equal($"/live/{room}.jpg", await CardCoverAsync(anchor, room));
        Assert.True((await OkAsync(anchor.CoverAsync(Jpeg, auto: "true"))).Flag("chosen"));
        using var none = await anchor.GetAsync($"/live/{ended}.jpg");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Below_a_path_a_cover_has_it_in_front()
    {
        await using var server = await ServerProcess.StartAsync("Http:PathBase=/chat");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        var path = (await OkAsync(anchor.CoverAsync(Jpeg))).Text("covertImg");
        Assert.Equal($"/chat/live/{room}.jpg", path);
        using var response = await anchor.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<PageReply> OkAsync(Task<PageReply> call)
    {
        var reply = await call;
        Assert.True(reply.Code == 200, $"{reply.Code} {reply.Msg}");
        return reply;
    }

    private static async Task<string> ConfigCoverAsync(PageClient client, long room) => (await client.OkAsync("/living/anchorConfig", ("roomId", room))).Text("covertImg");

    private static async Task<string> CardCoverAsync(PageClient client, long room) =>
        (await client.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 1), ("before", room + 1))).List.Single(c => c.Number("id") == room).Text("covertImg");

    private async Task<(HttpStatusCode Status, string? Tag)> GetAsync(long room, string? tag = null, HttpMethod? method = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"http://127.0.0.1:{Server.HttpPort}/live/{room}.jpg");
        if (tag is not null)
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Headers.ETag?.ToString());
    }
}
