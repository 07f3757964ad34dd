using System.CommandLine;
using System.Globalization;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish suspend</c>: lets a user in no more.</summary>
internal static class SuspendCommand
{
    private const int MaxSeconds = 31_536_000;
    private static readonly Option<long> User = IdOption.User("--user", "The user to suspend");
    private static readonly Option<int?> Seconds = new("--seconds") { Description = "For how long [default: until unsuspend]" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why, for the server's audit" };

    public static Command Create()
    {
        Seconds.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is null or < 1 or > MaxSeconds)
                result.AddError($"--seconds is 1 to {MaxSeconds}.");
        });
        var command = new Command("suspend", "Close a user's connections and let the user in no more") { User, Seconds, Reason };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        var user = result.GetValue(User);
        var answer = await api.PostAsync(
            string.Create(CultureInfo.InvariantCulture, $"users/{user}/suspend"),
            new SuspendRequest(result.GetValue(Seconds), result.GetValue(Reason)),
            CliJson.Default.SuspendRequest, CliJson.Default.ClosedAnswer, cancellation);
        Output.Line($"{user} suspended, {answer.Closed} connections closed");
        return ExitCodes.Success;
    }
}
