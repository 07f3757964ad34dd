using System.Net;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary>Who may say for whom a connection or a request is: <c>Sailfish:Http:TrustedProxies</c>.</summary>
internal sealed class TrustedProxies(IOptions<HttpOptions> options)
{
    public IReadOnlyList<IPNetwork> Networks { get; } = [.. options.Value.TrustedProxies.Select(text => TryParse(text, out var network) ? network : throw new FormatException(text))];

    public bool Contain(IPAddress? address)
    {
        if (Networks.Count == 0 || address is null)
            return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(network => network.Contains(plain));
    }

    /// <summary>An address, or a network such as <c>10.0.0.0/8</c>.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (!IPAddress.TryParse(text, out var address))
            return IPNetwork.TryParse(text, out network);
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
