using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>A process of flooders: each sends as fast as its socket takes it, and comes back when it is cut off.</summary>
internal static class FloodWorker
{
    internal const string CommandName = "flood";

    /// <summary>What a refused flooder waits, so that it does not spend its core on connecting.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static long _bytes;
    private static long _connections;

    internal static Command Command() =>
        Worker.Command<FloodOrder>(CommandName, "Floods a server for another process of this tool", Run);

    private static void Run(FloodOrder order)
    {
        if (order.Core >= 0)
            Cores.Pin(order.Core);
        using var stop = new CancellationTokenSource();
        var floods = Enumerable.Range(0, order.Flooders).Select(i => Flood.Of(order.Kind, order.App, order.Ports, order.FirstUser + i));
        Thread[] flooders = [.. floods.Select(flood => new Thread(() => RunFlooder(flood, stop.Token)) { IsBackground = true })];
        foreach (var flooder in flooders)
            flooder.Start();
        Worker.ReadyUntilEnd().Wait();
        stop.Cancel();
        Worker.Report(new FloodReport(Interlocked.Read(ref _bytes), Interlocked.Read(ref _connections)));
    }

    private static void RunFlooder(Flood flood, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, flood.Port);
                Interlocked.Increment(ref _connections);
                Run(socket, flood, stop);
            }
            catch (SocketException)
            {
                // Cut off, or refused: that is what the server should do with it.
                stop.WaitHandle.WaitOne(Pause);
            }
        }
    }

    private static void Run(Socket socket, Flood flood, CancellationToken stop)
    {
        // Reads what comes: a flooder that does not is held back by its own full outbox, which is the kinder attack.
        var reader = new Thread(() => ReadAll(socket)) { IsBackground = true };
        reader.Start();
        socket.Send(flood.Opening);
        while (!stop.IsCancellationRequested)
            Interlocked.Add(ref _bytes, socket.Send(flood.Block));
    }

    private static void ReadAll(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (socket.Receive(buffer) > 0)
            {
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The other thread sees it too.
        }
    }
}
