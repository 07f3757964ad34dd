using System.Net;
using System.Net.Sockets;

namespace Sailfish.Cli.Local;

/// <summary>A port of this machine for a program that has to be told one.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
