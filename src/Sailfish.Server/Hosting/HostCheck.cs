using System.Net;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary>
/// Whether a request is for a host that we are. A page anywhere can have a name of its own lead to a loopback address
/// (DNS rebinding); what it then asks for bears that name.
/// </summary>
internal sealed class HostCheck(IOptions<HttpOptions> options, IOptions<ServerOptions> server)
{
    private const string Loopback = "localhost";
    private readonly bool _isLoopback =
        server.Value.Bind.Equals(Loopback, StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(server.Value.Bind, out var bind) && IPAddress.IsLoopback(bind));

    /// <param name="host">With or without a port; null where HTTP/1.0 sends none.</param>
    public bool IsAllowed(string? host)
    {
        if (host is null)
            return true;
        var name = new HostString(host).Host;
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
            return false;
        var allowed = options.Value.AllowedHosts;
        return allowed.Count > 0 ? allowed.Any(one => IsIn(name, one)) : !_isLoopback || IsLoopbackOrAddress(name);
    }

    private static bool IsIn(string name, string allowed) =>
        allowed == "*"
        || name.Equals(allowed, StringComparison.OrdinalIgnoreCase)
        || (allowed.StartsWith("*.", StringComparison.Ordinal) && name.Length >= allowed.Length && name.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopbackOrAddress(string name) =>
        name.Equals(Loopback, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith($".{Loopback}", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(name, out _);
}
