using System.CommandLine;
using System.Globalization;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish password</c>: gives somebody who signed up on the page a new password.</summary>
internal static class PasswordCommand
{
    private static readonly Option<long> User = IdOption.User("--user", "The account's user");

    private static readonly Option<string> Password = new("--password")
    {
        Description = "The new password; other users of this machine may see it here [default: the first line of stdin]",
    };

    public static Command Create()
    {
        var command = new Command("password", "Give an account a new password and end its sessions") { User, Password };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        var user = result.GetValue(User);
        var password = result.GetValue(Password) ?? await Console.In.ReadLineAsync(cancellation) ?? throw new CliException("stdin has no password");
        var answer = await api.PostAsync(
            string.Create(CultureInfo.InvariantCulture, $"users/{user}/password"),
            new PasswordRequest(password),
            CliJson.Default.PasswordRequest, CliJson.Default.ClosedAnswer, cancellation);
        Output.Line($"{user} has a new password, {answer.Closed} connections closed");
        return ExitCodes.Success;
    }
}
