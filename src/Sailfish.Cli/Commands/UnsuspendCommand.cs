using System.CommandLine;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish unsuspend</c>: lets a suspended user in again.</summary>
internal static class UnsuspendCommand
{
    public static Command Create() =>
        UserCommand.Create("unsuspend", "Let a suspended user in again", "The user to let in again", RunAsync);

    private static async Task RunAsync(UserCall call)
    {
        await call.Api.PostAsync(call.PathOf("unsuspend"), call.Cancellation);
        Output.Line($"{call.User} not suspended");
    }
}
