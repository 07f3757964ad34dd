using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Nats;
using Sailfish.Server.Nodes;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>Who gets onto the bus, and what is told of how.</summary>
public sealed class BusSecrecyTests
{
    private const string Password = "s3cret/wo rd";
    private const string Token = "t0ken-that-nobody-sees";

    private static readonly string InUrl = Uri.EscapeDataString(Password);

    [Fact]
    public async Task A_user_with_the_right_password_gets_onto_NATS()
    {
        await using var server = await NatsServer.StartAsync($$"""authorization { user: "ann", password: "{{Password}}" }""");
        await using var node = Started($"nats://ann:{InUrl}@127.0.0.1:{server.Port}");
        await node.UpAsync();
        node.AssertTellsNothingOf(Password, InUrl);
    }

    [Fact]
    public async Task The_right_token_gets_onto_NATS()
    {
        await using var server = await NatsServer.StartAsync($$"""authorization { token: "{{Token}}" }""");
        await using var node = Started($"nats://{Token}@127.0.0.1:{server.Port}");
        await node.UpAsync();
        node.AssertTellsNothingOf(Token);
    }

    [Theory]
    [InlineData("ann:wrong-password@")]
    [InlineData("wrong-token@")]
    [InlineData("")]
    public async Task Without_the_right_password_the_bus_stays_away_and_says_why(string credentials)
    {
        await using var server = await NatsServer.StartAsync($$"""authorization { user: "ann", password: "{{Password}}" }""");
        await using var node = Started($"nats://{credentials}127.0.0.1:{server.Port}");
        await node.SaidAsync("Authorization Violation");
        Assert.Equal(BusHealth.Away, node.Link.Health);
        node.AssertTellsNothingOf("wrong-", Password);
    }

    [Fact]
    public async Task Credentials_that_are_mended_on_the_server_bring_the_bus_up()
    {
        await using var wrong = await NatsServer.StartAsync($$"""authorization { token: "another" }""");
        await using var node = Started($"nats://{Token}@127.0.0.1:{wrong.Port}");
        await node.SaidAsync("Authorization Violation");
        await wrong.KillAsync();
        await wrong.StartAgainAsync($$"""authorization { token: "{{Token}}" }""");
        await node.UpAsync();
        // And so when it was up before.
        await wrong.KillAsync();
        await wrong.StartAgainAsync("""authorization { token: "another" }""");
        await node.AwayAsync();
        await node.SaidAsync("The server of the bus says: Authorization Violation");
        // Longer than two refusals, after which the client would give up.
        await Pause.ForAsync(TimeSpan.FromSeconds(3));
        await wrong.KillAsync();
        await wrong.StartAgainAsync($$"""authorization { token: "{{Token}}" }""");
        await node.UpAsync();
        node.AssertTellsNothingOf(Token, "another");
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_vouches_for_is_not_spoken_to()
    {
        using var folder = new TemporaryDirectory();
        using var chain = new CertificateChain();
        var (certificate, key) = chain.WritePem(folder.Path);
        await using var server = await NatsServer.StartAsync($$"""tls { cert_file: "{{certificate}}", key_file: "{{key}}" }""", $$"""authorization { token: "{{Token}}" }""");
        await using var node = Started($"tls://{Token}@127.0.0.1:{server.Port}");
        await node.SaidAsync("certificate");
        Assert.Equal(BusHealth.Away, node.Link.Health);
        node.AssertTellsNothingOf(Token);
    }

    [Fact]
    public async Task A_server_that_is_vouched_for_is_spoken_to_by_TLS()
    {
        using var folder = new TemporaryDirectory();
        using var chain = new CertificateChain();
        var (certificate, key) = chain.WritePem(folder.Path);
        await using var server = await NatsServer.StartAsync($$"""tls { cert_file: "{{certificate}}", key_file: "{{key}}" }""", $$"""authorization { token: "{{Token}}" }""");
        Assert.True(NatsAddress.TryParse($"tls://{Token}@localhost:{server.Port}", out var address, out _));
        // As the system does whose administrator trusts the root.
        var settings = NatsSettings.Of(address, "test") with { TlsOpts = new NatsTlsOpts { CaFile = chain.WriteRoot(folder.Path) } };
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var node = new BusNode("test");
        node.Bus = new NatsBus(settings, "test", 1, node, ActivatorUtilities.CreateInstance<ClusterMetrics>(services), TimeProvider.System, NullLogger<NatsBus>.Instance);
        await using (node)
        {
            node.Bus.Start();
            await Wait.UntilAsync(() => node.Bus.Health == BusHealth.Up);
        }
    }

    [Fact]
    public async Task A_server_without_TLS_gets_no_password_where_TLS_was_asked_for()
    {
        await using var server = await NatsServer.StartAsync($$"""authorization { token: "{{Token}}" }""");
        await using var node = Started($"tls://{Token}@127.0.0.1:{server.Port}");
        await node.SaidAsync("TLS");
        Assert.Equal(BusHealth.Away, node.Link.Health);
    }

    [Theory]
    [InlineData("nats://nats.example.org:4222", true)]
    [InlineData("nats://ann:word@nats.example.org:4222", false)]
    [InlineData("nats://token@nats.example.org:4222", false)]
    [InlineData("nats://127.0.0.1:4222", false)]
    [InlineData("nats://localhost:4222", false)]
    [InlineData("postgres", false)]
    public async Task A_bus_on_another_host_that_asks_for_no_password_is_warned_of(string bus, bool isWarned)
    {
        await using var node = new LoggedNode(bus);
        Assert.Equal(isWarned, node.Said.Contains("asks for no password", StringComparison.Ordinal));
        node.AssertTellsNothingOf("word@", "token@");
    }

    [Fact]
    public async Task The_password_of_the_database_is_not_told_when_it_is_away()
    {
        await using var node = new LoggedNode(ClusterOptions.PostgresBus, $"Host=127.0.0.1;Port={FreePort.Next()};Username=ann;Password={Token}");
        node.Link.Start();
        await node.SaidAsync("refused");
        node.AssertTellsNothingOf(Token);
    }

    private static LoggedNode Started(string bus)
    {
        var node = new LoggedNode(bus);
        node.Link.Start();
        return node;
    }
}
