using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>How a request's parameters are written.</summary>
public enum Dress
{
    Form,
    Json,
}

/// <summary>An envelope and the HTTP status that it came with.</summary>
internal sealed record PageReply(HttpResponseMessage Http, int Code, string Msg, JsonNode? Content)
{
    public JsonObject Data => Content!.AsObject();

    public long Number(string member) => Data[member]!.GetValue<long>();

    public string Text(string member) => Data[member]!.GetValue<string>();

    public bool Flag(string member) => Data[member]!.GetValue<bool>();

    public List<JsonObject> List => [.. Data["list"]!.AsArray().Select(item => item!.AsObject())];
}

/// <summary>A browser's part: cookies, forms and JSON. It finds the server again after a restart on other ports.</summary>
internal sealed class PageClient : IDisposable
{
    public const string Password = "correct horse";
    private static long _nextName;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<ServerProcess, PageClient> _elsewhere = new();

    public PageClient(ServerProcess server, long userId = 0, CookieContainer? cookies = null)
    {
        Server = server;
        UserId = userId;
        Cookies = cookies ?? new CookieContainer();
        _http = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false });
    }

    public ServerProcess Server { get; }

    public CookieContainer Cookies { get; }

    public string Name { get; private set; } = "";

    public long UserId { get; private set; }

    private Uri Root => new($"http://127.0.0.1:{Server.HttpPort}");

    public static string NewName() => $"name{Interlocked.Increment(ref _nextName)}";

    /// <summary>Somebody new, signed in.</summary>
    public static async Task<PageClient> SignUpAsync(ServerProcess server, bool vip = false)
    {
        var client = new PageClient(server) { Name = NewName() };
        var reply = await client.PostAsync("/account/register", ("name", client.Name), ("password", Password));
        Assert.Equal(200, reply.Code);
        client.UserId = reply.Number("userId");
        if (vip)
            await server.Http.PostJsonAsync($"/api/v1/users/{client.UserId}/tags", """{"tag":"vip"}""");
        return client;
    }

    /// <summary>A VIP with an open room.</summary>
    public static async Task<(PageClient Anchor, long Room)> GoLiveAsync(ServerProcess server, int type = 1)
    {
        var anchor = await SignUpAsync(server, vip: true);
        return (anchor, await anchor.StartAsync(type));
    }

    public async Task<long> StartAsync(int type = 1) => (await OkAsync("/living/startingLiving", ("type", type))).Number("roomId");

    /// <summary>A form.</summary>
    public Task<PageReply> PostAsync(string path, params (string Name, object Value)[] input) => PostAsync(Dress.Form, path, input);

    public Task<PageReply> PostAsync(Dress dress, string path, params (string Name, object Value)[] input)
    {
        HttpContent content = dress == Dress.Form
            ? new FormUrlEncodedContent(input.Select(i => KeyValuePair.Create(i.Name, Convert.ToString(i.Value, CultureInfo.InvariantCulture))))
            : Json(new JsonObject(input.Select(i => KeyValuePair.Create(i.Name, (JsonNode?)JsonValue.Create(i.Value)))).ToJsonString());
        return PostAsync(path, content);
    }

    public async Task<PageReply> PostAsync(string path, HttpContent? content, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Root, path)) { Content = content };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        var response = await _http.SendAsync(request).WaitAsync(Wait.Limit);
        return await ReadAsync(path, response);
    }

    public async Task<PageReply> OkAsync(string path, params (string Name, object Value)[] input)
    {
        var reply = await PostAsync(path, input);
        Assert.True(reply.Code == 200, $"{path}: {reply.Code} {reply.Msg}");
        Assert.Equal("success", reply.Msg);
        return reply;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(Root, path)).WaitAsync(Wait.Limit);

    public Task<PageReply> UploadAsync(byte[] picture, string fileName, string contentType = "image/png", string member = "avatar")
    {
        var file = new ByteArrayContent(picture);
        file.Headers.ContentType = new(contentType);
        return PostAsync("/account/avatar", new MultipartFormDataContent { { file, member, fileName } });
    }

    /// <summary>Gives the own room a cover, or ends that it has a chosen one.</summary>
    public Task<PageReply> CoverAsync(byte[]? cover, string? auto = null, string member = "cover")
    {
        var form = new MultipartFormDataContent();
        // A form has a part at least.
        form.Add(new StringContent("nothing"), "other");
        if (auto is not null)
            form.Add(new StringContent(auto), "auto");
        if (cover is not null)
            form.Add(new ByteArrayContent(cover), member, "cover.jpg");
        return PostAsync("/living/cover", form);
    }

    /// <summary>Goes online with the token of the page.</summary>
    public async Task<TestClient> ConnectAsync(long? room = null, string[]? features = null)
    {
        var config = await OkAsync("/im/getImConfig");
        var client = await Server.PresentAsync(config.Text("token"), UserId, features: features);
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        if (room is { } id)
            Assert.Equal(id, (await client.JoinAsync(id)).Number("roomId"));
        return client;
    }

    /// <summary>The same browser, whose requests another node answers. It ends with this one.</summary>
    public PageClient At(ServerProcess node) =>
        node == Server ? this : _elsewhere.GetOrAdd(node, there => new PageClient(there, UserId, Cookies) { Name = Name });

    public Task<PageReply> LogInAsync(string? password = null) =>
        PostAsync("/account/login", ("name", Name), ("password", password ?? Password));

    public PageClient Named(string name)
    {
        Name = name;
        return this;
    }

    public void Dispose()
    {
        foreach (var client in _elsewhere.Values)
            client.Dispose();
        _http.Dispose();
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Reads an envelope and holds it against the rule of statuses.</summary>
    private static async Task<PageReply> ReadAsync(string path, HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/json", $"{path}: {(int)response.StatusCode} {response.Content.Headers.ContentType} {text}");
        var envelope = JsonNode.Parse(text)!.AsObject();
        var code = envelope["code"]!.GetValue<int>();
        Assert.Equal(code is 401 or 403 or 429 or 500 ? code : 200, (int)response.StatusCode);
        Assert.DoesNotContain("Exception", text);
        return new PageReply(response, code, envelope["msg"]!.GetValue<string>(), envelope["data"]?.DeepClone());
    }
}
