using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

public sealed partial class OpenApiTests(ServerFixture<AsShipped> fixture) : IClassFixture<ServerFixture<AsShipped>>
{
    [Fact]
    public async Task The_description_has_every_route_and_the_key_and_needs_none()
    {
        using var http = new HttpClient { BaseAddress = fixture.Server.Http.BaseAddress };
        var document = await http.GetJsonAsync("/openapi/v1.json");
        Assert.StartsWith("3.", document.Text("openapi"), StringComparison.Ordinal);
        var described = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).Order(StringComparer.Ordinal);
        var expected = RequestTests.Routes.Select(r => $"{r.Data.Item1} {Template(r.Data.Item2)}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, described);

        var scheme = Assert.Single(document["components"]!["securitySchemes"]!.AsObject());
        Assert.Equal("http", scheme.Value!["type"]!.GetValue<string>());
        Assert.Equal("bearer", scheme.Value!["scheme"]!.GetValue<string>());
        Assert.NotNull(document["security"]![0]![scheme.Key]);
    }

    /// <summary>It is made once, and asked for at whatever address the server is known by.</summary>
    [Fact]
    public async Task The_description_names_the_address_that_it_was_asked_at()
    {
        await using var server = await ServerProcess.StartAsync("Http:PathBase=/chat");
        foreach (var address in new[] { "127.0.0.1", "localhost", "localhost/chat", "127.0.0.1/chat", "127.0.0.1" })
        {
            var parts = address.Split('/', 2);
            var root = $"http://{parts[0]}:{server.HttpPort}{(parts.Length > 1 ? $"/{parts[1]}" : "")}";
            var document = await server.Http.GetJsonAsync($"{root}/openapi/v1.json");
            Assert.Equal(root, Assert.Single(document["servers"]!.AsArray())!.AsObject().Text("url"));
        }
    }

    [Fact]
    public async Task Every_reference_of_the_description_leads_somewhere()
    {
        var document = await fixture.Server.Http.GetJsonAsync("/openapi/v1.json");
        var references = Reference().Matches(document.ToJsonString()).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            JsonNode? node = document;
            foreach (var part in reference.Split('/'))
                node = node?[part];
            Assert.True(node is not null, reference);
        }
    }

    [Fact]
    public async Task Numbers_are_numbers_and_what_a_call_needs_is_required()
    {
        var document = await fixture.Server.Http.GetJsonAsync("/openapi/v1.json");
        var text = document.ToJsonString();
        Assert.DoesNotMatch("\"type\":\\[[^]]*\"(integer|number)\"[^]]*\"string\"", text);
        Assert.DoesNotMatch("\"type\":\\[[^]]*\"string\"[^]]*\"(integer|number)\"", text);
        Assert.DoesNotContain("pattern", text);
        var schemas = document["components"]!["schemas"]!.AsObject();
        var userId = schemas["TokenRequest"]!["properties"]!["userId"]!;
        Assert.Equal(("integer", "int64"), (userId["type"]!.GetValue<string>(), userId["format"]!.GetValue<string>()));
        foreach (var (schema, required) in new Dictionary<string, string[]>
        {
            ["TokenRequest"] = ["userId"],
            ["MessageRequest"] = ["bizCode", "data", "to"],
            ["MessageTarget"] = [],
            ["OnlineRequest"] = ["users"],
            ["KickRequest"] = [],
            ["TagRequest"] = ["tag"],
            ["ModerationRequest"] = ["userId"],
            ["MessageResponse"] = ["msgId", "onlineUsers"],
            ["MembersResponse"] = ["members"],
            ["TokenResponse"] = ["expiresAt", "token"],
        })
            Assert.Equal(required, (schemas[schema]!["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).Order(StringComparer.Ordinal));
        foreach (var (_, schema) in schemas)
        {
            // What is required is described, and is not null.
            foreach (var name in (schema!["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()))
                Assert.DoesNotContain("null", schema["properties"]![name]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Every_call_has_a_summary_examples_and_its_error_answers()
    {
        var document = await fixture.Server.Http.GetJsonAsync("/openapi/v1.json");
        foreach (var operation in document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(o => o.Value!.AsObject()))
        {
            var id = operation.Text("operationId");
            Assert.NotEmpty(operation.Text("summary"));
            Assert.Equal(operation.ContainsKey("requestBody"), operation["responses"]!.AsObject().ContainsKey("415"));
            Assert.DoesNotContain("Api", operation["tags"]![0]!.GetValue<string>());
            var responses = operation["responses"]!.AsObject();
            foreach (var status in new[] { "400", "401", "429" })
                Assert.True(responses.ContainsKey(status), $"{id} {status}");
            foreach (var error in responses.Where(r => r.Key[0] is '4' or '5'))
                Assert.Equal(int.Parse(error.Key), error.Value!["content"]!["application/problem+json"]!["example"]!["status"]!.GetValue<int>());
            if (operation["requestBody"] is { } body)
            {
                Assert.True(body["content"]!["application/json"]!["example"] is JsonObject, $"{id}: a request's example");
                Assert.True(responses.ContainsKey("413"), id);
            }

            if (responses.ContainsKey("200"))
                Assert.True(responses["200"]!["content"]!["application/json"]!["example"] is JsonObject, $"{id}: an answer's example");
        }
    }

    [Theory]
    [InlineData("/healthz", "ok")]
    [InlineData("/readyz", "ready")]
    public async Task Health_is_told_without_a_key(string path, string word)
    {
        using var http = new HttpClient { BaseAddress = fixture.Server.Http.BaseAddress };
        Assert.Equal(word, await http.GetStringAsync(path));
    }

    [Fact]
    public async Task A_stop_by_signal_tells_clients_to_come_back_and_ends_well()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:DrainSpreadSeconds=3");
        await using var client = await TestClient.LogInAsync(server, 10001);
        Assert.Equal(0, await server.StopAsync());
        var bye = Assert.Single(await client.DrainAsync());
        Assert.Equal("draining", bye.Text("reason"));
        Assert.True(bye.Body["reconnect"]!.GetValue<bool>());
        Assert.InRange(bye.Number("afterMs"), 0, 3000);
    }

    private static string Template(string path) =>
        Id().Replace(path, "$1/{id}").Replace("/tags/vip", "/tags/{tag}", StringComparison.Ordinal).Replace("r:1", "{conversation}", StringComparison.Ordinal);

    [GeneratedRegex("(users|rooms)/[0-9]+")]
    private static partial Regex Id();

    [GeneratedRegex("\"\\$ref\":\"#/([^\"]+)\"")]
    private static partial Regex Reference();
}
