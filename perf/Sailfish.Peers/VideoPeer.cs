using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sailfish.Peers;

/// <summary>
/// One thread that sends each frame of a stream to each viewer by one call of <c>Socket.Send</c>: the least that a server of
/// video can do. Who connects says how many bytes its frames have, 0 when it watches; frames are all of one size.
/// </summary>
internal static class VideoPeer
{
    private const int Backlog = 4096;

    private static readonly Lock Gate = new();
    private static readonly List<Socket> Viewers = [];

    internal static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Backlog);
        Listening.Print(((IPEndPoint)listener.LocalEndPoint!).Port);
        while (!cancellationToken.IsCancellationRequested)
        {
            var socket = await listener.AcceptAsync(cancellationToken);
            socket.NoDelay = true;
            var size = new byte[sizeof(int)];
            if (await socket.ReceiveAsync(size, cancellationToken) == size.Length)
                Take(socket, BinaryPrimitives.ReadInt32LittleEndian(size));
        }
    }

    private static void Take(Socket socket, int size)
    {
        if (size > 0)
        {
            new Thread(() => Publish(socket, size)) { IsBackground = true }.Start();
            return;
        }

        lock (Gate)
            Viewers.Add(socket);
    }

    private static void Publish(Socket publisher, int size)
    {
        var frame = new byte[size];
        using var stream = new NetworkStream(publisher, ownsSocket: true);
        try
        {
            while (stream.ReadAtLeast(frame, size, throwOnEndOfStream: false) == size)
            {
                lock (Gate)
                {
                    foreach (var viewer in Viewers)
                        viewer.Send(frame);
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            // The load has ended; so is the run.
        }
    }
}
