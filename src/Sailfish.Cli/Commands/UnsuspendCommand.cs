using System.CommandLine;
using System.Globalization;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish unsuspend</c>: lets a suspended user in again.</summary>
internal static class UnsuspendCommand
{
    private static readonly Option<long> User = IdOption.User("--user", "The user to let in again");

    public static Command Create()
    {
        var command = new Command("unsuspend", "Let a suspended user in again") { User };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        var user = result.GetValue(User);
        await api.PostAsync(string.Create(CultureInfo.InvariantCulture, $"users/{user}/unsuspend"), cancellation);
        Output.Line($"{user} not suspended");
        return ExitCodes.Success;
    }
}
