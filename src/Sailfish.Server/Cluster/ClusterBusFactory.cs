using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster.Nats;
using Sailfish.Server.Cluster.Postgres;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Cluster;

/// <summary>Makes the bus that <c>Sailfish:Cluster:Bus</c> names.</summary>
internal sealed class ClusterBusFactory(IOptions<ClusterOptions> options, ClusterMetrics metrics, TimeProvider time, ILoggerFactory loggers) : IClusterBusFactory
{
    private readonly ILogger _logger = loggers.CreateLogger<ClusterBusFactory>();

    /// <summary>Throws when the setting names no bus.</summary>
    public static void Check(ClusterOptions options)
    {
        if (options.IsOn && options.Bus != ClusterOptions.PostgresBus)
            AddressOf(options);
    }

    public IClusterBus Create(long generation, IBusReceiver receiver)
    {
        var settings = options.Value;
        if (settings.Bus == ClusterOptions.PostgresBus)
            return new NotifyBus(settings.Database!, settings.Name, generation, receiver, metrics, time, loggers.CreateLogger<NotifyBus>());
        var address = AddressOf(settings);
        if (!address.HasCredentials && !address.IsLoopback)
            ClusterLog.NoCredentials(_logger, address.Servers);
        return new NatsBus(NatsSettings.Of(address, $"{settings.Name} {generation}"), settings.Name, generation, receiver, metrics, time, loggers.CreateLogger<NatsBus>());
    }

    private static NatsAddress AddressOf(ClusterOptions options) => NatsAddress.TryParse(options.Bus, out var address, out var problem)
        ? address
        : throw new ConfigurationException($"{ConfigurationCheck.Root}:Cluster:{nameof(ClusterOptions.Bus)}: {problem}.");
}
