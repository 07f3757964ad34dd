using System.Net;
using System.Text;
using Sailfish.IntegrationTests.Harness;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Sailfish.IntegrationTests.Accounts;

/// <summary>Pictures: what is taken, and how it is served.</summary>
public sealed class AvatarTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private static readonly byte[] Png = TestPictures.Png();
    private static readonly byte[] Jpeg = TestPictures.Jpeg();
    private static readonly byte[] WebP = TestPictures.WebP();

    private ServerProcess Server => fixture.Server;

    public static TheoryData<byte[], string> Pictures => new() { { Png, "image/png" }, { Jpeg, "image/jpeg" }, { WebP, "image/webp" } };

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task A_picture_is_told_by_its_content_and_served_with_that_type(byte[] picture, string type)
    {
        using var client = await PageClient.SignUpAsync(Server);
        var url = (await client.UploadAsync(picture, "evil.html", "text/html")).Text("avatar");
        Assert.Equal(url, (await client.OkAsync("/home/initPage")).Text("avatar"));
        using var nobody = new PageClient(Server);
        using var response = await nobody.GetAsync(url);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("immutable", response.Headers.CacheControl?.ToString());
        Assert.Equal("sandbox", response.Headers.GetValues("Content-Security-Policy").Single());
        using var served = Image.Load(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal((16, 8), (served.Width, served.Height));
    }

    [Fact]
    public async Task Another_file_is_refused_whatever_its_name_and_the_picture_stays()
    {
        using var client = await PageClient.SignUpAsync(Server);
        var url = (await client.UploadAsync(Png, "a.png")).Text("avatar");
        foreach (var file in new[] { "<html><script>alert(1)</script>", "GIF89a", "<svg xmlns='http://www.w3.org/2000/svg'/>", "RIFFxxxxWAVEfmt ", "\u0089PN", "RIFF" })
            Assert.Equal(400, (await client.UploadAsync(Encoding.Latin1.GetBytes(file), "a.png")).Code);
        Assert.Equal(400, (await client.UploadAsync([], "a.png")).Code);
        Assert.Equal(400, (await client.UploadAsync(Png, "a.png", member: "file")).Code);
        // The head of a picture alone is none, nor is another kind of picture under its name.
        Assert.Equal(400, (await client.UploadAsync(Png[..40], "a.png")).Code);
        Assert.Equal(400, (await client.UploadAsync(Jpeg[..40], "a.jpg")).Code);
        Assert.Equal(400, (await client.UploadAsync(WebP[..20], "a.webp")).Code);
        Assert.Equal(url, (await client.OkAsync("/home/initPage")).Text("avatar"));
    }

    [Fact]
    public async Task What_stands_behind_or_beside_the_picture_is_not_served()
    {
        using var client = await PageClient.SignUpAsync(Server);
        byte[] script = [.. "<html><script>alert(1)</script>"u8];
        foreach (var picture in new[] { Png, Jpeg, WebP })
        {
            using var response = await client.GetAsync((await client.UploadAsync([.. picture, .. script], "a.png")).Text("avatar"));
            Assert.Equal(-1, (await response.Content.ReadAsByteArrayAsync()).AsSpan().IndexOf("script"u8));
        }
    }

    [Fact]
    public async Task A_photo_is_turned_upright_and_says_nothing_of_where_it_was_taken()
    {
        using var client = await PageClient.SignUpAsync(Server);
        using var response = await client.GetAsync((await client.UploadAsync(TestPictures.Photo(), "a.jpg")).Text("avatar"));
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(-1, bytes.AsSpan().IndexOf("secret-camera"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("Exif"u8));
        using var served = Image.Load<Rgba32>(bytes);
        Assert.Null(served.Metadata.ExifProfile);
        Assert.Equal((8, 16), (served.Width, served.Height));
        // The left half is the upper one now.
        Assert.True(served[4, 1].R > 200 && served[4, 14].B > 200);
    }

    [Fact]
    public async Task A_large_picture_is_made_smaller()
    {
        using var client = await PageClient.SignUpAsync(Server);
        using var response = await client.GetAsync((await client.UploadAsync(TestPictures.Png(2000, 1000), "a.png")).Text("avatar"));
        using var served = Image.Load(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal((512, 256), (served.Width, served.Height));
    }

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(4097, 1)]
    [InlineData(1, 4097)]
    [InlineData(4000, 4000)]
    [InlineData(0, 5)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public async Task A_picture_that_promises_too_many_pixels_is_refused_by_its_head(int width, int height)
    {
        using var client = await PageClient.SignUpAsync(Server);
        Assert.Equal(400, (await client.UploadAsync(TestPictures.Promising(width, height), "a.png")).Code);
    }

    [Theory]
    [InlineData(4096, 100, true)]
    [InlineData(3600, 3600, true)]
    [InlineData(4097, 100, false)]
    [InlineData(100, 4097, false)]
    [InlineData(4000, 4000, false)]
    public async Task A_picture_of_more_pixels_than_are_drawn_is_refused_though_nothing_else_is_wrong_with_it(int width, int height, bool isTaken)
    {
        using var client = await PageClient.SignUpAsync(Server);
        var picture = TestPictures.Png(width, height);
        Assert.InRange(picture.Length, 1, 1024 * 1024);
        Assert.Equal(isTaken ? 200 : 400, (await client.UploadAsync(picture, "a.png")).Code);
    }

    [Fact]
    public async Task An_animated_picture_is_refused()
    {
        using var client = await PageClient.SignUpAsync(Server);
        Assert.Equal(400, (await client.UploadAsync(TestPictures.AnimatedWebP(), "a.webp")).Code);
    }

    [Fact]
    public async Task Who_uploads_without_end_is_told_to_wait_and_others_are_not()
    {
        using var client = await PageClient.SignUpAsync(Server);
        var codes = new List<int>();
        for (var i = 0; i < 25; i++)
            codes.Add((await client.UploadAsync(Png, "a.png")).Code);
        Assert.All(codes.Take(20), code => Assert.Equal(200, code));
        Assert.Contains(429, codes.Skip(20));
        using var other = await PageClient.SignUpAsync(Server);
        Assert.Equal(200, (await other.UploadAsync(Png, "a.png")).Code);
    }

    [Fact]
    public async Task One_megabyte_is_taken_and_a_byte_more_is_not()
    {
        using var client = await PageClient.SignUpAsync(Server);
        var picture = new byte[1024 * 1024];
        Png.CopyTo(picture, 0);
        Assert.Equal(200, (await client.UploadAsync(picture, "a.png")).Code);
        Assert.Equal(400, (await client.UploadAsync([.. picture, 1], "a.png")).Code);
    }

    [Theory]
    [InlineData(1024 * 1024 + 1, false)]
    [InlineData(5_000_000, false)]
    [InlineData(8 * 1024 * 1024, false)]
    [InlineData(8 * 1024 * 1024, true)]
    public async Task A_picture_too_large_is_read_to_its_end_and_answered_on_a_connection_that_stays(int size, bool isChunked)
    {
        using var client = await PageClient.SignUpAsync(Server);
        var cookie = Assert.Single(client.Cookies.GetAllCookies(), c => c.Name == "sailfish");
        await using var socket = await RawSocket.ConnectAsync(Server.HttpPort);
        var form = Form("avatar", [.. Png, .. new byte[size - Png.Length]]);
        await socket.SendAsync(
            $"POST /account/avatar HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie.Name}={cookie.Value}\r\n"
            + $"Content-Type: multipart/form-data; boundary=x\r\n{(isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {form.Length}")}\r\n\r\n");
        // As a browser does: all of it, and then the answer is looked for.
        await socket.SendAsync(isChunked ? [.. Encoding.ASCII.GetBytes($"{form.Length:x}\r\n"), .. form, .. "\r\n0\r\n\r\n"u8] : form);
        var (head, body) = await socket.ReadHttpAsync();
        Assert.StartsWith("HTTP/1.1 200 ", head);
        Assert.StartsWith("""{"code":400,"msg":"Send a picture of at most 1 MB""", body);
        await socket.SendAsync("POST /home/initPage HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", (await socket.ReadHttpAsync()).Head);
    }

    [Fact]
    public async Task Far_too_large_a_picture_is_answered_at_once_and_not_read()
    {
        using var client = await PageClient.SignUpAsync(Server);
        var cookie = Assert.Single(client.Cookies.GetAllCookies(), c => c.Name == "sailfish");
        await using var socket = await RawSocket.ConnectAsync(Server.HttpPort);
        await socket.SendAsync(
            $"POST /account/avatar HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie.Name}={cookie.Value}\r\n"
            + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000000\r\n\r\n");
        Assert.StartsWith("""{"code":400,""", (await socket.ReadHttpAsync()).Body);
    }

    [Fact]
    public async Task A_form_with_more_than_the_picture_is_taken_and_a_broken_one_is_not()
    {
        using var client = await PageClient.SignUpAsync(Server);
        Assert.Equal(200, (await PostAsync(client, [.. Part("note", "hello"u8, isFile: false), .. Form("avatar", Png)])).Code);
        Assert.Equal(400, (await PostAsync(client, [.. Part("avatar", Png, isFile: false), .. "--x--\r\n"u8])).Code);
        Assert.Equal(400, (await PostAsync(client, Form("avatar", Png)[..^9])).Code);
        Assert.Equal(400, (await PostAsync(client, [])).Code);
        Assert.Equal(400, (await PostAsync(client, Form("avatar", Png), new string('x', 5000))).Code);
        Assert.Equal(400, (await PostAsync(client, Form("avatar", Png), "")).Code);
    }

    [Fact]
    public async Task A_new_picture_takes_the_place_of_the_old_one()
    {
        using var client = await PageClient.SignUpAsync(Server);
        var old = (await client.UploadAsync(Png, "a.png")).Text("avatar");
        Assert.Equal(old, (await client.UploadAsync(Png, "b.png")).Text("avatar"));
        using (var same = await client.GetAsync(old))
            Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        var now = (await client.UploadAsync(Jpeg, "a.png")).Text("avatar");
        using var gone = await client.GetAsync(old);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var there = await client.GetAsync(now);
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    [Fact]
    public async Task Pictures_uploaded_at_once_leave_one_that_is_there()
    {
        using var client = await PageClient.SignUpAsync(Server);
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(client.UploadAsync(Png, "a.png"), client.UploadAsync(Jpeg, "a.jpg"), client.UploadAsync(WebP, "a.webp"), client.UploadAsync(Png, "a.png"));
            using var response = await client.GetAsync((await client.OkAsync("/home/initPage")).Text("avatar"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Single(Directory.GetFiles(Path.Combine(Server.DataDir, "avatars"), $"{client.UserId}-*"));
        }
    }

    [Theory]
    [InlineData("/avatar/..%2fsecrets.json")]
    [InlineData("/avatar/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/avatar/%2e%2e/secrets.json")]
    [InlineData("/avatar/..%5csecrets.json")]
    [InlineData("/avatar/%2fetc%2fpasswd")]
    [InlineData("/avatar/.")]
    [InlineData("/avatar/a%00.png")]
    [InlineData("/avatar/nothing.png")]
    [InlineData("/avatar/100001-0123456789abcdef.png")]
    [InlineData("/avatar/x.svg")]
    public async Task A_path_that_names_no_picture_is_no_file(string path)
    {
        await using var socket = await RawSocket.ConnectAsync(Server.HttpPort);
        await socket.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var answer = Encoding.UTF8.GetString(await socket.ReadToEndAsync());
        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("tokenSecret", answer);
        Assert.DoesNotContain("root:", answer);
    }

    [Fact]
    public async Task The_default_picture_is_an_svg_of_the_users_own()
    {
        using var nobody = new PageClient(Server);
        using var one = await nobody.GetAsync("/avatar/100001.svg");
        using var two = await nobody.GetAsync("/avatar/100002.svg");
        Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (one.StatusCode, one.Content.Headers.ContentType?.MediaType));
        Assert.Equal("nosniff", one.Headers.GetValues("X-Content-Type-Options").Single());
        var svg = await one.Content.ReadAsStringAsync();
        Assert.StartsWith("<svg", svg);
        Assert.DoesNotContain("script", svg);
        Assert.NotEqual(svg, await two.Content.ReadAsStringAsync());
        foreach (var id in new[] { 0, -1, long.MinValue, long.MaxValue })
        {
            using var odd = await nobody.GetAsync($"/avatar/{id}.svg");
            Assert.Equal(HttpStatusCode.OK, odd.StatusCode);
        }
    }

    private static async Task<PageReply> PostAsync(PageClient client, byte[] body, string boundary = "x")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        return await client.PostAsync("/account/avatar", content);
    }

    private static byte[] Form(string name, ReadOnlySpan<byte> content) => [.. Part(name, content, isFile: true), .. "--x--\r\n"u8];

    private static byte[] Part(string name, ReadOnlySpan<byte> content, bool isFile) =>
    [
        .. Encoding.ASCII.GetBytes($"--x\r\nContent-Disposition: form-data; name=\"{name}\"{(isFile ? "; filename=\"a.png\"" : "")}\r\n\r\n"),
        .. content, .. "\r\n"u8,
    ];
}
