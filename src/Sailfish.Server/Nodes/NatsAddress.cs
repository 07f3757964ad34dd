namespace Sailfish.Server.Nodes;

/// <summary>
/// What <c>Sailfish:Cluster:Bus</c> names when it is NATS: servers of one cluster, with one set of credentials, as in
/// <c>nats://user:password@n1:4222,n2:4222</c>, <c>nats://token@n1:4222</c> or <c>tls://n1:4222</c>.
/// </summary>
internal sealed class NatsAddress
{
    private const string Plain = "nats";
    private const string Tls = "tls";
    private const int DefaultPort = 4222;

    private readonly List<Uri> _servers = [];

    private NatsAddress()
    {
    }

    public bool IsTls => _servers[0].Scheme == Tls;

    public string? User { get; private set; }

    public string? Password { get; private set; }

    public string? Token { get; private set; }

    public bool HasCredentials => User is not null || Token is not null;

    /// <summary>The servers, separated by commas, without credentials: it may be shown.</summary>
    public string Servers => string.Join(',', _servers.Select(server => $"{server.Scheme}://{server.Host}:{server.Port}"));

    /// <summary>Whether all servers are on this machine, where nobody else listens in.</summary>
    public bool IsLoopback => _servers.TrueForAll(server => server.IsLoopback);

    /// <summary>The problem names no part of the value: it may be a password.</summary>
    public static bool TryParse(string value, out NatsAddress address, out string problem)
    {
        address = new NatsAddress();
        problem = "";
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            problem = address.Add(part) ?? "";
            if (problem.Length > 0)
                return false;
        }

        return true;
    }

    private string? Add(string part)
    {
        if (_servers.Count > 0 && !part.Contains("://", StringComparison.Ordinal))
            part = $"{_servers[0].Scheme}://{part}";
        if (!Uri.TryCreate(part, UriKind.Absolute, out var server) || server.Scheme is not (Plain or Tls) || server.Host.Length == 0)
            return "it is neither postgres nor addresses such as nats://host:4222, separated by commas";
        if (server.PathAndQuery.Trim('/').Length > 0 || server.Fragment.Length > 0)
            return "an address of NATS ends with its port; characters such as / ? # in a password are written as %2F %3F %23";
        if (_servers.Count > 0 && server.Scheme != _servers[0].Scheme)
            return "its servers are to be all nats:// or all tls://";
        _servers.Add(server.Port > 0 ? server : new UriBuilder(server) { Port = DefaultPort }.Uri);
        return server.UserInfo.Length > 0 ? TakeCredentials(server.UserInfo) : null;
    }

    private string? TakeCredentials(string userInfo)
    {
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        var (user, password, token) = colon < 0
            ? (null, null, Uri.UnescapeDataString(userInfo))
            : (Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]), (string?)null);
        if (HasCredentials && (user, password, token) != (User, Password, Token))
            return "its servers are to have the same credentials";
        (User, Password, Token) = (user, password, token);
        return null;
    }
}
