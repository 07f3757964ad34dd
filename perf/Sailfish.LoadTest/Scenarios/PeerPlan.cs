using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// The same work on Sailfish, on a SignalR hub, on a nats-server, on uWebSockets, and on a loop of one send per delivery. The
/// peers have less to do: they check no token and store nothing.
/// </summary>
internal static class PeerPlan
{
    private const int Standard = 10_000;

    internal static Command Command()
    {
        var members = CheckedOption.Number("--members", "Members of the room", Standard, 2, CheckedOption.MaxConnections);
        var sessions = CheckedOption.Number("--sessions", "Idle sessions", Standard, 10, IdleScenario.MaxSessions);
        var seconds = CheckedOption.Seconds(10);
        var command = new Command("peer", "The same room and the same idle sessions on Sailfish, SignalR, nats-server, uWebSockets, and a bare loop of sends")
        {
            members, sessions, seconds,
        };
        ScenarioCommand.Bind(
            command,
            (parsed, settings, _) =>
            {
                var period = TimeSpan.FromSeconds(parsed.GetValue(seconds));
                return Step.InTurn(
                    Ours(parsed.GetValue(members), parsed.GetValue(sessions), period, settings),
                    Peers(parsed.GetValue(members), parsed.GetValue(sessions), period, settings));
            },
            parsed => parsed.GetValue(members) == Standard && parsed.GetValue(sessions) == Standard);
        return command;
    }

    /// <summary>The peers' part alone, for a plan that measures Sailfish anyway.</summary>
    internal static IEnumerable<Step> Peers(int members, int sessions, TimeSpan period, LoadSettings settings) => Step.InTurn(
        SignalRAndFloor(members, sessions, period, settings),
        Nats(members, sessions, period, settings),
        UWebSockets(members, sessions, period, settings));

    private static IEnumerable<Step> SignalRAndFloor(int members, int sessions, TimeSpan period, LoadSettings settings)
    {
        var signalR = settings with { Program = ServerProgram.SignalR, Transport = TransportKind.SignalR };
        var floor = settings with { Program = ServerProgram.Floor, Transport = TransportKind.Tcp };
        var room = new RoomOptions { Members = members, Period = period, Window = RoomOptions.SmallWindow };
        yield return new Step(Keys.RoomSignalR, new RoomScenario(room), signalR);
        yield return new Step(Keys.RoomFloor, new RoomScenario(room), floor);
        yield return new Step(Keys.RoomRate2Floor, new RoomScenario(room with { Rate = 2 }), floor);
        yield return new Step(Keys.IdleSignalR, new IdleScenario(sessions, period), signalR);
    }

    private static IEnumerable<Step> Nats(int members, int sessions, TimeSpan period, LoadSettings settings)
    {
        if (NatsServer.Program is null)
        {
            LeaveOut("nats-server", "it is not installed");
            yield break;
        }

        var nats = settings with { Program = ServerProgram.Nats, Transport = TransportKind.Nats };
        yield return new Step(Keys.RoomNats, Room(members, period), nats);
        yield return new Step(Keys.IdleNats, new IdleScenario(sessions, period), nats);
    }

    private static IEnumerable<Step> UWebSockets(int members, int sessions, TimeSpan period, LoadSettings settings)
    {
        if (!BunPeer.TryInstall())
        {
            LeaveOut("uWebSockets", "npm cannot install Bun here");
            yield break;
        }

        var bun = settings with { Program = ServerProgram.UWebSockets, Transport = TransportKind.WsJson };
        yield return new Step(Keys.RoomUWebSockets, Room(members, period), bun);
        yield return new Step(Keys.IdleUWebSockets, new IdleScenario(sessions, period), bun);
    }

    private static void LeaveOut(string peer, string why) => Console.Error.WriteLine($"{peer} is left out: {why}.");

    private static IEnumerable<Step> Ours(int members, int sessions, TimeSpan period, LoadSettings settings)
    {
        var json = settings with { Transport = TransportKind.WsJson };
        yield return new Step(Keys.RoomTcp, Room(members, period), settings with { Transport = TransportKind.Tcp });
        yield return new Step(Keys.RoomWsJson, Room(members, period), json);
        yield return new Step(Keys.IdleTcp, new IdleScenario(sessions, period), settings with { Transport = TransportKind.Tcp });
        yield return new Step(Keys.IdleWs, new IdleScenario(sessions, period), json);
    }

    /// <summary>With the window of ours for who sends many messages in one write as well.</summary>
    private static RoomScenario Room(int members, TimeSpan period) => new(new RoomOptions { Members = members, Period = period });
}
