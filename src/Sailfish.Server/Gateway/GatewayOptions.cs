using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Gateway;

/// <summary><c>Sailfish:Gateway</c>: the sockets that clients hold.</summary>
public sealed class GatewayOptions
{
    /// <summary>Port of binary frames over TCP; 0 = any free port.</summary>
    [Range(0, 65_535)]
    public int TcpPort { get; set; } = 8085;

    /// <summary>Port of WebSockets, the seed's path among them; 0 = any free port.</summary>
    [Range(0, 65_535)]
    public int WebSocketPort { get; set; } = 8086;

    /// <summary>Bytes that may wait for one slow connection beside what the socket takes. 16 KiB to 1 GiB.</summary>
    [Range(16 * 1024, 1024 * 1024 * 1024)]
    public int MaxOutboxBytes { get; set; } = 1024 * 1024;

    /// <summary>Seconds that what was handed to a slow socket may take to go out; then the connection is cut.</summary>
    [Range(1, 3600)]
    public int StallTimeoutSeconds { get; set; } = 30;

    /// <summary>The largest body of a frame, in bytes. 1 KiB to 1 MiB.</summary>
    [Range(1024, 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = BinaryFrame.DefaultMaxBody;

    /// <summary>Connections that the server carries at once; more are told BYE <c>server_full</c>.</summary>
    [Range(1, 10_000_000)]
    public int MaxConnections { get; set; } = 1_000_000;

    /// <summary>At a graceful stop, clients are told to come back at random within this many seconds.</summary>
    [Range(0, 600)]
    public int DrainSpreadSeconds { get; set; } = 5;

    /// <summary>Seconds between turning unready and telling clients to go, for a load balancer to see <c>/readyz</c>.</summary>
    [Range(0, 8)]
    public int DrainDelaySeconds { get; set; }

    /// <summary>Whether trusted proxies begin connections to the TCP, WebSocket and RTMP ports with a header of the PROXY protocol.</summary>
    public bool ProxyProtocol { get; set; }

    /// <summary>TLS on the TCP port.</summary>
    public TlsOptions? TcpTls { get; set; }

    /// <summary>TLS on the WebSocket port.</summary>
    public TlsOptions? WebSocketTls { get; set; }
}

/// <summary>Checks <see cref="GatewayOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
