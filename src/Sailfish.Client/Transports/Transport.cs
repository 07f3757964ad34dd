using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Transports;

/// <summary>Opens the transport that an endpoint's scheme asks for.</summary>
internal static class Transport
{
    /// <summary>Bytes of the largest body taken from a server: well above what servers send, well below what hurts.</summary>
    public const int MaxInboundBody = 1 << 20;

    /// <summary>Bytes of the largest body sent: with any envelope it stays within the server's 64 KiB.</summary>
    public const int MaxOutboundBody = BinaryFrame.DefaultMaxBody - 64;

    public static async Task<ITransport> ConnectAsync(SailfishClientOptions options, CancellationToken cancellation) =>
        options.Endpoint.Scheme is "tcp" or "tcps"
            ? await TcpTransport.ConnectAsync(options, cancellation)
            : await WebSocketTransport.ConnectAsync(options, cancellation);

    public static SailfishException BadPeer(FrameReadStatus status) =>
        new(ClientErrors.BadPeer, $"the peer does not speak Sailfish: {status}");
}
