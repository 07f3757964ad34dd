using System.CommandLine;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish suspend</c>: lets a user in no more.</summary>
internal static class SuspendCommand
{
    private const int MaxSeconds = 31_536_000;
    private static readonly Option<int?> Seconds = new("--seconds") { Description = "For how long [default: until unsuspend]" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why, for the server's audit" };

    public static Command Create()
    {
        Seconds.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is null or < 1 or > MaxSeconds)
                result.AddError($"--seconds is 1 to {MaxSeconds}.");
        });
        return UserCommand.Create(
            "suspend", "Close a user's connections and let the user in no more", "The user to suspend", RunAsync, Seconds, Reason);
    }

    private static async Task RunAsync(UserCall call)
    {
        var request = new SuspendRequest(call.Options.GetValue(Seconds), call.Options.GetValue(Reason));
        var answer = await call.Api.PostAsync(
            call.PathOf("suspend"), request, CliJson.Default.SuspendRequest, CliJson.Default.ClosedAnswer, call.Cancellation);
        Output.Line($"{call.User} suspended, {answer.Closed} connections closed");
    }
}
