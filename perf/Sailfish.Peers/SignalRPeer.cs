using System.Net;
using Microsoft.AspNetCore.Http.Connections;

namespace Sailfish.Peers;

/// <summary>A SignalR server as its documentation sets one up, with the heartbeat interval of Sailfish.</summary>
internal static class SignalRPeer
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    internal static async Task RunAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RoomSeqs>();
        builder.Services.AddSignalR(hub =>
        {
            hub.KeepAliveInterval = Heartbeat;
            hub.ClientTimeoutInterval = (Heartbeat * 2) + TimeSpan.FromSeconds(10);
        });
        var app = builder.Build();
        app.MapHub<RoomHub>("/hub", options => options.Transports = HttpTransportType.WebSockets);
        await app.StartAsync(cancellationToken);
        Listening.Print(new Uri(app.Urls.Single()).Port);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}
