using System.CommandLine;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish password</c>: gives somebody who signed up on the page a new password.</summary>
internal static class PasswordCommand
{
    private static readonly Option<string> Password = new("--password")
    {
        Description = "The new password; other users of this machine may see it here [default: the first line of stdin]",
    };

    public static Command Create() => UserCommand.Create(
        "password", "Give an account a new password and end its sessions", "The account's user", RunAsync, Password);

    private static async Task RunAsync(UserCall call)
    {
        var password = call.Options.GetValue(Password) ?? await Console.In.ReadLineAsync(call.Cancellation) ?? throw new CliException("stdin has no password");
        var answer = await call.Api.PostAsync(
            call.PathOf("password"), new PasswordRequest(password), CliJson.Default.PasswordRequest, CliJson.Default.ClosedAnswer, call.Cancellation);
        Output.Line($"{call.User} has a new password, {answer.Closed} connections closed");
    }
}
