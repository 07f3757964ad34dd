using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Nodes;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>A node with the bus that settings name, which is nothing but its link to others, and all that it logs.</summary>
internal sealed class LoggedNode : IClusterSink, ICallHandler, IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SaidLines _said = new();
    private readonly ILoggerFactory _loggers;

    /// <param name="bus">As in the settings.</param>
    /// <param name="database">As in the settings.</param>
    public LoggedNode(string bus, string database = "Host=127.0.0.1")
    {
        _loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(_said));
        var metrics = new ClusterMetrics(_services.GetRequiredService<IMeterFactory>());
        var options = Options.Create(new ClusterOptions { Bus = bus, Database = database });
        Link = new ClusterLink(1, new ClusterBusFactory(options, metrics, TimeProvider.System, _loggers), this, this, () => true, metrics, TimeProvider.System, _loggers);
    }

    public ClusterLink Link { get; }

    public string Said => _said.Text;

    public Task UpAsync() => HealthAsync(BusHealth.Up);

    public Task AwayAsync() => HealthAsync(BusHealth.Away);

    public Task SaidAsync(string what) =>
        Wait.UntilAsync(() => Said.Contains(what, StringComparison.Ordinal), Wait.Limit, () => $"'{what}'; it said: {Said}");

    public void AssertTellsNothingOf(params ReadOnlySpan<string> secrets)
    {
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, Said);
    }

    public async ValueTask DisposeAsync()
    {
        await Link.DisposeAsync();
        _loggers.Dispose();
        await _services.DisposeAsync();
    }

    void IClusterSink.Messages(IReadOnlyList<MessageItem> messages)
    {
    }

    void IClusterSink.Places(IReadOnlyList<PlaceItem> places)
    {
    }

    void IClusterSink.Control(ControlItem control)
    {
    }

    void IClusterSink.Missed(long source)
    {
    }

    void IClusterSink.HealthChanged(BusHealth health)
    {
    }

    ValueTask<ReadOnlyMemory<byte>> ICallHandler.AnswerAsync(long source, ReadOnlyMemory<byte> question, CancellationToken cancellationToken) => default;

    private Task HealthAsync(BusHealth health) => Wait.UntilAsync(() => Link.Health == health, Wait.Limit, () => $"the bus to be {health}; it said: {Said}");
}
