using System.Globalization;

namespace Sailfish.Peers;

/// <summary>Says where a peer listens, as the server does.</summary>
internal static class Listening
{
    internal static void Print(int port) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"listening tcp 127.0.0.1:{port} websocket 127.0.0.1:{port} http 127.0.0.1:{port}"));
}
