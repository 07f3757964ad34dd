using System.Globalization;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>What the kernel holds of the connections of this machine (/proc/net/tcp, as proc(5) describes it).</summary>
internal static class TcpQueues
{
    /// <summary>Whether all that was sent from one port to another has been read by the program there.</summary>
    public static bool IsAllRead(int from, int to)
    {
        var connections = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        // Not acknowledged yet on this side, not read yet on that one.
        return Queue(connections, from, to, part: 0) == 0 && Queue(connections, to, from, part: 1) == 0;
    }

    /// <summary>Bytes to send (0) or received (1) at one end of a connection; null where there is none.</summary>
    private static long? Queue(List<string[]> connections, int local, int remote, int part) =>
        connections.Find(fields => fields[1].EndsWith($":{local:X4}", StringComparison.Ordinal) && fields[2].EndsWith($":{remote:X4}", StringComparison.Ordinal)) is { } found
            ? long.Parse(found[4].Split(':')[part], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : null;
}
