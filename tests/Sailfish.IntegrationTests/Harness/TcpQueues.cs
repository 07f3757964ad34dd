using System.Globalization;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>What the kernel holds of the connections of this machine (/proc/net/tcp, as proc(5) describes it).</summary>
internal static class TcpQueues
{
    /// <summary>Whether all that was sent from one port to another has been read by the program there.</summary>
    public static bool IsAllRead(int from, int to)
    {
        var connections = Connections();
        // Not acknowledged yet on this side, not read yet on that one.
        return Queue(connections, from, to, part: 0) == 0 && Queue(connections, to, from, part: 1) == 0;
    }

    /// <summary>The most bytes that any connection of one of these ports has sent without an acknowledgement, or has still to send.</summary>
    public static long MostToSend(params int[] ports) =>
        Connections().Where(fields => ports.Any(port => IsAt(fields[1], port))).Max(fields => Length(fields, part: 0));

    private static List<string[]> Connections() =>
        [.. new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static bool IsAt(string address, int port) => address.EndsWith($":{port:X4}", StringComparison.Ordinal);

    private static long Length(string[] fields, int part) => long.Parse(fields[4].Split(':')[part], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Bytes to send (0) or received (1) at one end of a connection; null where there is none.</summary>
    private static long? Queue(List<string[]> connections, int local, int remote, int part) =>
        connections.Find(fields => IsAt(fields[1], local) && IsAt(fields[2], remote)) is { } found ? Length(found, part) : null;
}
