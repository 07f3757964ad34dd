using System.CommandLine;
using System.Globalization;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish online</c>: whether a user is online, and by which connections.</summary>
internal static class OnlineCommand
{
    public static Command Create() =>
        UserCommand.Create("online", "Print whether a user is online, and by which connections", "The user to ask about", RunAsync);

    private static async Task RunAsync(UserCall call)
    {
        var answer = await call.Api.GetAsync(call.PathOf("online"), CliJson.Default.OnlineAnswer, call.Cancellation);
        Output.Line($"{call.User} {(answer.Online ? "online" : "offline")}");
        foreach (var session in answer.Sessions ?? [])
            Output.Line(Describe(session));
    }

    private static string Describe(OnlineSession session)
    {
        var since = session.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return Printable.Line($"  {session.ConnectionId} {session.Platform ?? "-"} {session.Device ?? "-"} since {since}");
    }
}
