using System.Globalization;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Delivery;
using Sailfish.Server.Gateway;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage;
using Sailfish.Server.Telemetry;

namespace Sailfish.IntegrationTests.Hosting;

public sealed class ConfigurationTests
{
    private static readonly (string Section, object Options)[] Sections =
    [
        ("Sailfish", new ServerOptions()),
        ("Sailfish:Http", new HttpOptions()),
        ("Sailfish:Http:Tls", new TlsOptions()),
        ("Sailfish:Gateway", new GatewayOptions()),
        ("Sailfish:Gateway", new SessionsOptions()),
        ("Sailfish:Gateway", new DeliveryOptions()),
        ("Sailfish:Limits", new LimitsOptions()),
        ("Sailfish:Rooms", new RoomsOptions()),
        ("Sailfish:Content", new ContentOptions()),
        ("Sailfish:Storage", new StorageOptions()),
        ("Sailfish:Cluster", new ClusterOptions()),
        ("Sailfish:Telemetry", new TelemetryOptions()),
        ("Sailfish:Accounts", new AccountOptions()),
        ("Sailfish:Living", new LivingOptions()),
        ("Sailfish:Living", new GuestOptions()),
        ("Sailfish:Media", new MediaOptions()),
        ("Sailfish:Apps:0", new AppConfig()),
    ];

    [Fact]
    public void Defaults_are_those_of_the_contract()
    {
        var (gateway, sessions, delivery) = (new GatewayOptions(), new SessionsOptions(), new DeliveryOptions());
        Assert.Equal((8085, 8086, 8080), (gateway.TcpPort, gateway.WebSocketPort, new HttpOptions().Port));
        Assert.Equal(("data", "127.0.0.1"), (new ServerOptions().DataDir, new ServerOptions().Bind));
        Assert.Equal((30, 10, 4, 1), (sessions.HeartbeatSeconds, sessions.LoginTimeoutSeconds, delivery.AckTimeoutSeconds, delivery.MaxResends));
        Assert.Equal((1024 * 1024, 65_536, 10), (gateway.MaxOutboxBytes, gateway.MaxBodyBytes, sessions.MaxConnectionsPerUser));
        Assert.Equal((true, 20), (new RoomsOptions().JoinUnlisted, new RoomsOptions().MaxPerConnection));
        var limits = new LimitsOptions();
        Assert.Equal((20, 40, 200), (limits.MessagesPerSecond, limits.MessagesBurst, limits.ConnectionsPerIpPerSecond));
        Assert.Equal((true, 20), (new GuestOptions().Guests, new GuestOptions().GuestsPerAddress));
        Assert.Equal((4000, 4096), (new ContentOptions().MaxLength, new ContentOptions().MaxExtraBytes));
    }

    [Fact]
    public void The_operations_document_has_every_setting_with_its_default()
    {
        var lines = File.ReadAllLines(SourceTree.PathOf("docs/operations.md"));
        foreach (var (section, options) in Sections)
        {
            foreach (var property in options.GetType().GetProperties().Where(p => p.PropertyType != typeof(TlsOptions)))
            {
                var key = $"`{section}:{property.Name}`";
                var line = Assert.Single(lines, l => l.StartsWith($"| {key} |", StringComparison.Ordinal));
                if (property.GetValue(options) is { } value and (int or bool or string { Length: > 0 } or Enum))
                    Assert.Contains($"| {Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal)} |", line);
            }
        }

        // No section was forgotten above.
        var known = Sections.Select(s => s.Options.GetType()).ToHashSet();
        Assert.All(
            typeof(ServerOptions).Assembly.GetTypes().Where(t => t.IsPublic && t.Name.EndsWith("Options", StringComparison.Ordinal)),
            type => Assert.Contains(type, known));
    }

    [Fact]
    public async Task The_environment_beats_the_file_and_the_command_line_both()
    {
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "appsettings.json"),
            """{"Sailfish":{"Gateway":{"HeartbeatSeconds":5,"DrainSpreadSeconds":0,"MaxBodyBytes":2000},"Rooms":{"MaxPerConnection":1}}}""");
        var environment = new Dictionary<string, string>
        {
            ["Sailfish__Gateway__HeartbeatSeconds"] = "7",
            ["Sailfish__Gateway__DrainSpreadSeconds"] = "1",
            ["Sailfish__Http__AllowedOrigins__0"] = "https://example.org",
        };
        await using (var server = await ServerProcess.StartAsync(folder.Path, [], environment))
        {
            await using var client = await TestClient.LogInAsync(server, 10001);
            Assert.Equal(7, client.LoginReply!.Number("heartbeatSeconds"));
            // Only the file of the working folder says this.
            await client.JoinAsync(1);
            await client.SendAsync(Code.Join, new System.Text.Json.Nodes.JsonObject { ["roomId"] = 2 });
            Assert.Equal("too_many_rooms", (await client.ReceiveAsync(Code.Error)).Text("error"));
        }

        await using (var server = await ServerProcess.StartAsync(folder.Path, ["Gateway:HeartbeatSeconds=9"], environment))
        {
            await using var client = await TestClient.LogInAsync(server, 10001);
            Assert.Equal(9, client.LoginReply!.Number("heartbeatSeconds"));
        }
    }
}
