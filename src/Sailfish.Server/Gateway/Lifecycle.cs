using System.Diagnostics;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Hosting;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>
/// Says where the server listens once it does; at a stop says BYE to all, each with its own time to come back, and
/// waits until they are gone.
/// </summary>
internal sealed class Lifecycle(
    KestrelSetup kestrel,
    BoundPorts ports,
    ServerState state,
    ConnectionTable connections,
    PendingHeads heads,
    LiveGateway live,
    ConnectionBounds bounds,
    IOptions<GatewayOptions> options,
    ILogger<Lifecycle> logger) : IHostedLifecycleService
{
    /// <summary>After this the rest are cut.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    /// <summary>Of the whole stop's 14 s, with the delay before it: HTTP has <see cref="HurriedServer.Patience"/> then, the store what is left.</summary>
    private static readonly TimeSpan WholeLimit = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        state.Started();
        GatewayLog.Bounds(logger, bounds.Gateway, bounds.Http, options.Value.MaxConnections, bounds.Files);
        if (kestrel.IsOpenWithoutTls)
            GatewayLog.NoTls(logger, ports.Of(BoundPorts.Http).Address.ToString());
        var rtmp = ports.Has(BoundPorts.Rtmp) ? $" rtmp {ports.Of(BoundPorts.Rtmp)}" : "";
        GatewayLog.Listening(logger, ports.Of(BoundPorts.Tcp).ToString(), ports.Of(BoundPorts.WebSocket).ToString(), ports.Of(BoundPorts.Http).ToString(), rtmp);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Draining();
        GatewayLog.Draining(logger, connections.Count);
        var delay = TimeSpan.FromSeconds(options.Value.DrainDelaySeconds);
        var limit = WholeLimit - delay < DrainLimit ? WholeLimit - delay : DrainLimit;
        await Task.Delay(delay, CancellationToken.None);
        heads.Stop();
        live.Stop();
        var started = Stopwatch.GetTimestamp();
        while (connections.Count > 0 && Stopwatch.GetElapsedTime(started) < limit && !cancellationToken.IsCancellationRequested)
        {
            // Again and again: the listener is still open, and somebody may have come meanwhile.
            foreach (var connection in connections.All())
                connection.CloseWithBye(ByeReason.Draining, AfterMs());
            await Task.Delay(Poll, CancellationToken.None);
        }

        var cut = 0;
        foreach (var connection in connections.All())
        {
            connection.Abort("The server stops.");
            cut++;
        }

        GatewayLog.Drained(logger, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, cut);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private long AfterMs() => Random.Shared.NextInt64((options.Value.DrainSpreadSeconds * 1000) + 1);
}
