using System.Globalization;
using System.Text.RegularExpressions;

namespace Sailfish.TestKit;

/// <summary>Where a server listens.</summary>
/// <param name="Tcp">Binary frames.</param>
/// <param name="WebSocket">WebSockets.</param>
/// <param name="Http">The page and the APIs.</param>
/// <param name="Rtmp">Where encoders publish; 0 for a server without.</param>
public sealed partial record ServerPorts(int Tcp, int WebSocket, int Http, int Rtmp = 0)
{
    /// <summary>Finds the ports in the line that a server says when it listens; null in any other.</summary>
    public static ServerPorts? Find(string line)
    {
        var match = Listening().Match(line);
        return match.Success ? new ServerPorts(Port(match, 1), Port(match, 2), Port(match, 3), match.Groups[4].Success ? Port(match, 4) : 0) : null;
    }

    /// <summary>The same of a nats-server, which has one port for all.</summary>
    public static ServerPorts? FindOfNats(string line)
    {
        var match = NatsListening().Match(line);
        return match.Success ? new ServerPorts(Port(match, 1), Port(match, 1), Port(match, 1)) : null;
    }

    private static int Port(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"listening tcp \S*:(\d+) websocket \S*:(\d+) http \S*:(\d+)(?: rtmp \S*:(\d+))?")]
    private static partial Regex Listening();

    [GeneratedRegex(@"Listening for client connections on \S*:(\d+)")]
    private static partial Regex NatsListening();
}
