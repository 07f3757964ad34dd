using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

public sealed class RequestTests(ServerFixture<AsShipped> fixture) : IClassFixture<ServerFixture<AsShipped>>
{
    /// <summary>Every route of the contract; a route that is forgotten here is found by <see cref="OpenApiTests"/>.</summary>
    public static readonly TheoryData<string, string> Routes = new()
    {
        { "POST", "/api/v1/tokens" },
        { "POST", "/api/v1/messages" },
        { "GET", "/api/v1/users/10001/online" },
        { "POST", "/api/v1/online" },
        { "GET", "/api/v1/users/10001/unacked" },
        { "POST", "/api/v1/users/10001/kick" },
        { "POST", "/api/v1/users/10001/suspend" },
        { "POST", "/api/v1/users/10001/unsuspend" },
        { "POST", "/api/v1/users/10001/password" },
        { "GET", "/api/v1/users/10001/tags" },
        { "POST", "/api/v1/users/10001/tags" },
        { "DELETE", "/api/v1/users/10001/tags/vip" },
        { "GET", "/api/v1/rooms/1" },
        { "GET", "/api/v1/rooms/1/members" },
        { "GET", "/api/v1/rooms/1/stream" },
        { "DELETE", "/api/v1/rooms/1/stream" },
        { "POST", "/api/v1/rooms/1/mute" },
        { "POST", "/api/v1/rooms/1/unmute" },
        { "POST", "/api/v1/rooms/1/kick" },
        { "GET", "/api/v1/conversations/r:1/messages" },
        { "POST", "/api/v1/apps/rotate" },
        { "GET", "/api/v1/cluster" },
    };

    private readonly ServerProcess _server = fixture.Server;

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_good_key_every_route_is_closed(string method, string path)
    {
        foreach (var authorization in new[] { null, "Bearer wrong-key-wrong-key-wrong-key", "Bearer ", "Bearer", $"Basic {_server.ApiKey}", _server.ApiKey, $"Bearer {_server.ApiKey}x", $"Bearer {_server.TokenSecret}" })
        {
            using var http = new HttpClient { BaseAddress = _server.Http.BaseAddress };
            if (authorization is not null)
                http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
            var problem = await http.ProblemAsync(new HttpMethod(method), path, HttpStatusCode.Unauthorized, method == "POST" ? "{}" : null);
            Assert.DoesNotContain(_server.ApiKey, problem.ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_body_that_is_not_the_routes_JSON_is_a_problem(string method, string path)
    {
        // Two take no body, and look at none.
        if (method != "POST" || path.EndsWith("/unsuspend", StringComparison.Ordinal) || path.EndsWith("/rotate", StringComparison.Ordinal))
            return;
        foreach (var body in new[] { "{", "[]", "5", "\"text\"", "{\"a\":1}}", "\0", "{\"userId\":" })
            Assert.NotEmpty((await _server.Http.BadAsync(path, body)).Text("detail"));
    }

    [Fact]
    public async Task A_member_of_the_wrong_type_is_named()
    {
        Assert.Contains("$.bizCode", (await _server.Http.BadAsync("/api/v1/messages", """{"bizCode":"x"}""")).Text("detail"));
        Assert.Contains("$.to.user", (await _server.Http.BadAsync("/api/v1/messages", """{"bizCode":5555,"to":{"user":[]}}""")).Text("detail"));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_key_nothing_else_is_told(string method, string path)
    {
        using var http = new HttpClient { BaseAddress = _server.Http.BaseAddress };
        foreach (var verb in new[] { method, "PUT" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = new StringContent("x", Encoding.UTF8, "text/plain") };
            using var response = await http.SendAsync(request).WaitAsync(Wait.Limit);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task JSON_nested_too_deep_is_a_problem() =>
        await _server.Http.BadAsync("/api/v1/messages", $$"""{"bizCode":5555,"data":{{string.Concat(Enumerable.Repeat("{\"a\":", 100))}}1{{new string('}', 100)}},"to":{"user":10001} }""");

    [Fact]
    public async Task An_unknown_member_is_ignored() =>
        await _server.Http.PostJsonAsync("/api/v1/tokens", """{"userId":10001,"somethingNew":{"a":[1]}}""");

    [Fact]
    public async Task A_body_of_another_type_is_a_problem()
    {
        using var form = new StringContent("userId=10001", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await _server.Http.PostAsync("/api/v1/tokens", form);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("GET", "/api/v1")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("POST", "/api/v2/tokens")]
    [InlineData("GET", "/openapi/v2.json")]
    [InlineData("GET", "/10001.token/10001")]
    public async Task An_unknown_route_is_a_problem(string method, string path) =>
        await _server.Http.ProblemAsync(new HttpMethod(method), path, HttpStatusCode.NotFound);

    [Fact]
    public async Task A_wrong_method_is_a_problem() =>
        await _server.Http.ProblemAsync(HttpMethod.Put, "/api/v1/tokens", HttpStatusCode.MethodNotAllowed, "{}");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_a_problem(bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages");
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes($$"""{"pad":"{{new string('x', 256 * 1024)}}"}"""));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = isChunked;
        using var response = await _server.Http.SendAsync(request).WaitAsync(Wait.Limit);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_largest_good_request_is_below_the_limit()
    {
        var users = string.Join(',', Enumerable.Range(0, 1000).Select(i => (1L << 52) - 1 - i));
        await _server.Http.PostJsonAsync("/api/v1/online", $$"""{"users":[{{users}}]}""");
        await _server.Http.PostJsonAsync("/api/v1/messages", $$"""{"bizCode":5555,"data":{"content":"hi"},"to":{"users":[{{users}}]} }""");
        // As large as data may be.
        var text = string.Concat(Enumerable.Repeat("\\u4e2d", 1_300));
        await _server.Http.PostJsonAsync("/api/v1/messages", $$"""{"bizCode":5555,"data":{"content":"hi","more":"{{text}}"},"to":{"user":10001} }""");
    }

    [Fact]
    public async Task The_WebSocket_port_serves_no_API()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.WebSocketPort}/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _server.ApiKey);
        foreach (var (method, path) in Routes.Select(r => r.Data).Append(("GET", "/healthz")).Append(("GET", "/openapi/v1.json")))
            await http.ProblemAsync(new HttpMethod(method), path, HttpStatusCode.NotFound, method == "POST" ? "{}" : null);
    }
}
