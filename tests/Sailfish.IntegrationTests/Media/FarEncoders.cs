using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Media;

/// <summary>A server below a path, with TLS for encoders and clients, and HAProxy before both; what the framework says is all logged.</summary>
public sealed class FarEncoders : IAsyncLifetime
{
    /// <summary>What anchors are shown.</summary>
    public const string Shown = "rtmps://ingest.example/live";

    /// <summary>Of one address at once.</summary>
    public const int MostOfAddress = 8;

    private readonly TemporaryDirectory _folder = new();
    private ProxyProcess? _proxy;

    public ServerProcess Server { get; private set; } = null!;

    /// <summary>HAProxy's ports before that of encoders, and before that of WebSockets.</summary>
    public int RtmpDoor { get; } = FreePort.Next();

    public int WebSocketDoor { get; } = FreePort.Next();

    public async ValueTask InitializeAsync()
    {
        Server = await ServerProcess.StartAsync(
        [
            .. ForPageCalls.Settings, .. TestCertificate.Settings(_folder.Path, "Media:RtmpTls", "Gateway:WebSocketTls"),
            "Http:TrustedProxies:0=127.0.0.1", "Gateway:ProxyProtocol=true", "Http:PathBase=/chat", $"Media:PublicRtmp={Shown}", $"Limits:ConnectionsPerIp={MostOfAddress}",
            "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
        ]);
        _proxy = await ProxyProcess.StartHaProxyAsync((RtmpDoor, Server.RtmpPort, "send-proxy-v2"), (WebSocketDoor, Server.WebSocketPort, "send-proxy-v2"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
