namespace Sailfish.Server.Gateway;

internal static partial class GatewayLog
{
    [LoggerMessage(100, LogLevel.Debug, "Connection {Connection} is gone: {Reason}")]
    public static partial void Disconnected(ILogger logger, long connection, string reason);

    [LoggerMessage(101, LogLevel.Error, "Connection {Connection} failed")]
    public static partial void ConnectionFault(ILogger logger, Exception fault, long connection);

    [LoggerMessage(102, LogLevel.Information, "listening tcp {Tcp} websocket {WebSocket} http {Http}{Rtmp}")]
    public static partial void Listening(ILogger logger, string tcp, string webSocket, string http, string rtmp);

    [LoggerMessage(103, LogLevel.Information, "Draining {Connections} connections")]
    public static partial void Draining(ILogger logger, int connections);

    [LoggerMessage(104, LogLevel.Information, "Drained in {Milliseconds} ms, {Cut} connections cut")]
    public static partial void Drained(ILogger logger, long milliseconds, int cut);

    [LoggerMessage(105, LogLevel.Error, "A run of the sweeper failed")]
    public static partial void SweepFailed(ILogger logger, Exception fault);

    [LoggerMessage(106, LogLevel.Warning, "WebSocket origin {Origin} refused for host {Host} ({LeftOut} such lines left out before)")]
    public static partial void OriginRefused(ILogger logger, string origin, string host, int leftOut);

    [LoggerMessage(107, LogLevel.Warning, "A connection could not be accepted: {Error}")]
    public static partial void AcceptFailed(ILogger logger, System.Net.Sockets.SocketError error);

    [LoggerMessage(108, LogLevel.Error, "A connection failed before it was served")]
    public static partial void ListenerFault(ILogger logger, Exception fault);

    [LoggerMessage(109, LogLevel.Error, "A request of connection {Connection} failed")]
    public static partial void RequestFault(ILogger logger, Exception fault, long connection);

    [LoggerMessage(110, LogLevel.Warning, "Without TLS on {Address}, where others can listen in: set Sailfish:Http:Tls, Gateway:TcpTls and Gateway:WebSocketTls, or put a proxy with TLS in front and name it in Sailfish:Http:TrustedProxies")]
    public static partial void NoTls(ILogger logger, string address);

    [LoggerMessage(111, LogLevel.Information, "Up to {Connections} connections, beside them {Http} of HTTP; MaxConnections is {Setting}, the limit of open files {Files}")]
    public static partial void Bounds(ILogger logger, int connections, int http, int setting, long? files);

    [LoggerMessage(112, LogLevel.Error, "The store failed a request of connection {Connection} ({LeftOut} such lines left out before)")]
    public static partial void StoreFault(ILogger logger, Exception fault, long connection, int leftOut);
}
