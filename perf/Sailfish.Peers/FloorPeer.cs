using System.Net;
using System.Net.Sockets;

namespace Sailfish.Peers;

/// <summary>
/// One thread that calls <c>Socket.Send</c> once per delivery: the least that a server without batches can do. It speaks
/// as much of the binary protocol as the load test needs, and neither stores nor checks anything.
/// </summary>
internal static class FloorPeer
{
    private const int Backlog = 4096;

    internal static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Backlog);
        Listening.Print(((IPEndPoint)listener.LocalEndPoint!).Port);
        var room = new FloorRoom();
        while (!cancellationToken.IsCancellationRequested)
        {
            var socket = await listener.AcceptAsync(cancellationToken);
            socket.NoDelay = true;
            _ = new FloorConnection(socket, room).RunAsync(cancellationToken);
        }
    }
}
