using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_reach_a_collector_over_HTTP()
    {
        ConcurrentQueue<string> bodies = [];
        await using var collector = await CollectAsync(bodies);
        await using var server = await ServerProcess.StartAsync(
            $"Telemetry:OtlpEndpoint={collector.Urls.Single()}/v1/metrics", "Telemetry:OtlpOverHttp=true", "Telemetry:IntervalSeconds=1", "Gateway:AckTimeoutSeconds=1");
        await using var sender = await TestClient.LogInAsync(server, 10001);
        await using var receiver = await TestClient.LogInAsync(server, 10002, protocol: 1);
        await sender.ChatAsync(10002, "never acked: sent again, then given up", "m1");
        await sender.ReceiveAsync(Code.Receipt);

        // Names stand in the protobuf as they are.
        string[] names =
        [
            "sailfish.connections", "sailfish.frames.in", "sailfish.messages.in", "sailfish.messages.out", "sailfish.receipts", "sailfish.resends",
            "sailfish.messages.dropped", "sailfish.log.batch.size", "sailfish.log.commit.duration", "sailfish.outbox.bytes",
            "sailfish.audit.events", "sailfish.media.streams", "sailfish.media.viewers", "sailfish.media.publisher.away", "sailfish.media.gop.bytes",
        ];
        await Wait.UntilAsync(
            () => bodies.Any(body => names.All(name => body.Contains(name, StringComparison.Ordinal))),
            Wait.Limit,
            () => "metrics: " + string.Join(", ", names.Where(name => !bodies.Any(body => body.Contains(name, StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task A_collector_that_is_away_harms_nobody()
    {
        await using var server = await ServerProcess.StartAsync("Telemetry:OtlpEndpoint=http://127.0.0.1:1/", "Telemetry:IntervalSeconds=1");
        await using var client = await TestClient.LogInAsync(server, 10001);
        Assert.Empty(await client.FlushAsync());
        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentQueue<string> bodies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            bodies.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        await app.StartAsync();
        return app;
    }
}
