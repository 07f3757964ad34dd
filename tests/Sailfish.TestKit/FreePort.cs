using System.Net;
using System.Net.Sockets;

namespace Sailfish.TestKit;

/// <summary>
/// Ports for servers that are told which one. Below the range that the system gives to other sockets, each port once:
/// between the choice and the start nobody takes it.
/// </summary>
public static class FreePort
{
    private static int _last = Environment.ProcessId * 100 % 10_000;

    public static int Next()
    {
        while (true)
        {
            var port = 20_000 + (Interlocked.Increment(ref _last) % 10_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's: the next one.
            }
        }
    }
}
