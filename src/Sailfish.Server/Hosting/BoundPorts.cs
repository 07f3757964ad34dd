using System.Net;

namespace Sailfish.Server.Hosting;

/// <summary>The ports that are open and where they listen, once they do.</summary>
internal sealed class BoundPorts
{
    public const string Tcp = "tcp";
    public const string WebSocket = "websocket";
    public const string Http = "http";
    public const string Rtmp = "rtmp";

    private readonly Dictionary<string, Func<IPEndPoint>> _ports = [];

    /// <summary>Before the server starts.</summary>
    public void Add(string name, Func<IPEndPoint> endPoint) => _ports.Add(name, endPoint);

    /// <summary>Whether there is such a port.</summary>
    public bool Has(string name) => _ports.ContainsKey(name);

    /// <summary>After the server has started.</summary>
    public IPEndPoint Of(string name) => _ports[name]();
}
