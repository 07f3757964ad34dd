using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Sailfish.Server.Hosting;

/// <summary>
/// Kestrel, which at a stop waits for requests under way as long as the whole stop may last: a stranger's that never gets
/// whole would leave no time for what is still to be stored.
/// </summary>
internal sealed class HurriedServer(IServer kestrel) : IServer
{
    /// <summary>For what is under way when all else has drained; then it is cut.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public IFeatureCollection Features => kestrel.Features;

    /// <summary>In the place of Kestrel, which goes on to be made and ended by the services.</summary>
    public static void Take(IServiceCollection services)
    {
        var kestrel = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(kestrel);
        services.AddSingleton(kestrel.ImplementationType!);
        services.AddSingleton<IServer>(provider => new HurriedServer((IServer)provider.GetRequiredService(kestrel.ImplementationType!)));
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => kestrel.StartAsync(application, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await kestrel.StopAsync(limit.Token);
    }

    public void Dispose()
    {
        // Kestrel is the services' to end.
    }
}
