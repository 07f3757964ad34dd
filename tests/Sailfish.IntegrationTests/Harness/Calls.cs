using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>Calls of the server API, in the words of its contract.</summary>
internal static class Calls
{
    /// <summary>Calls, expects success, and gives the answer's JSON; an empty object for no content.</summary>
    public static async Task<JsonObject> CallAsync(this HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var response = await SendAsync(http, method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path} {body}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    public static Task<JsonObject> GetJsonAsync(this HttpClient http, string path) => http.CallAsync(HttpMethod.Get, path);

    public static Task<JsonObject> PostJsonAsync(this HttpClient http, string path, string body) => http.CallAsync(HttpMethod.Post, path, body);

    /// <summary>Calls, expects a problem of RFC 9457 that shows nothing of the program's inside, and gives it.</summary>
    public static async Task<JsonObject> ProblemAsync(this HttpClient http, HttpMethod method, string path, HttpStatusCode status, string? body = null)
    {
        using var response = await SendAsync(http, method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{method} {path} {body}: {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("   at ", text);
        Assert.DoesNotContain("Exception", text);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal((int)status, problem["status"]!.GetValue<int>());
        Assert.NotEmpty(problem["title"]!.GetValue<string>());
        return problem;
    }

    /// <summary>Calls, and gives the answer's status alone.</summary>
    public static async Task<HttpStatusCode> StatusAsync(this HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var response = await SendAsync(http, method, path, body);
        return response.StatusCode;
    }

    public static Task<JsonObject> BadAsync(this HttpClient http, string path, string body) =>
        http.ProblemAsync(HttpMethod.Post, path, HttpStatusCode.BadRequest, body);

    public static async Task<string> MintAsync(this HttpClient http, long userId) =>
        (await http.PostJsonAsync("/api/v1/tokens", $$"""{"userId":{{userId}}}""")).Text("token");

    /// <summary>Opens a TCP connection and sends LOGIN with a token; the answer is still to be read.</summary>
    public static async Task<TestClient> PresentAsync(this ServerProcess server, string token, long userId, long? appId = null, string? device = null, string? platform = null, string[]? features = null)
    {
        var client = await TestClient.OpenAsync(server);
        await client.SendAsync(Code.Login, new JsonObject
        {
            ["token"] = token,
            ["userId"] = userId,
            ["appId"] = appId ?? server.AppId,
            ["protocol"] = 2,
            ["deviceId"] = device,
            ["platform"] = platform,
            ["features"] = features is null ? null : new JsonArray([.. features.Select(word => (JsonNode)word)]),
        });
        return client;
    }

    public static string Text(this JsonObject json, string member) => json[member]!.GetValue<string>();

    public static long Number(this JsonObject json, string member) => json[member]!.GetValue<long>();

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.SendAsync(request).WaitAsync(Wait.Limit);
    }
}
