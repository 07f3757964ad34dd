using System.CommandLine;
using System.Globalization;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish online</c>: whether a user is online, and by which connections.</summary>
internal static class OnlineCommand
{
    private static readonly Option<long> User = IdOption.User("--user", "The user to ask about");

    public static Command Create()
    {
        var command = new Command("online", "Print whether a user is online, and by which connections") { User };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        var user = result.GetValue(User);
        var answer = await api.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"users/{user}/online"), CliJson.Default.OnlineAnswer, cancellation);
        Output.Line($"{user} {(answer.Online ? "online" : "offline")}");
        foreach (var session in answer.Sessions ?? [])
            Output.Line(Describe(session));
        return ExitCodes.Success;
    }

    private static string Describe(OnlineSession session)
    {
        var since = session.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return Printable.Line($"  {session.ConnectionId} {session.Platform ?? "-"} {session.Device ?? "-"} since {since}");
    }
}
