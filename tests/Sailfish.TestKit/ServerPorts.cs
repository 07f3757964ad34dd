using System.Globalization;
using System.Text.RegularExpressions;

namespace Sailfish.TestKit;

/// <summary>Where a server listens.</summary>
public sealed partial record ServerPorts(int Tcp, int WebSocket, int Http)
{
    /// <summary>Finds the ports in the line that a server says when it listens; null in any other.</summary>
    public static ServerPorts? Find(string line)
    {
        var match = Listening().Match(line);
        return match.Success ? new ServerPorts(Port(match, 1), Port(match, 2), Port(match, 3)) : null;
    }

    /// <summary>The same of a nats-server, which has one port for all.</summary>
    public static ServerPorts? FindOfNats(string line)
    {
        var match = NatsListening().Match(line);
        return match.Success ? new ServerPorts(Port(match, 1), Port(match, 1), Port(match, 1)) : null;
    }

    private static int Port(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"listening tcp \S*:(\d+) websocket \S*:(\d+) http \S*:(\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"Listening for client connections on \S*:(\d+)")]
    private static partial Regex NatsListening();
}
