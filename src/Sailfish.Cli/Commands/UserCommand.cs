using System.CommandLine;

namespace Sailfish.Cli.Commands;

/// <summary>A command that asks the server API one thing about one user.</summary>
internal static class UserCommand
{
    /// <param name="name">The command's word.</param>
    /// <param name="what">What it does.</param>
    /// <param name="who">Who <c>--user</c> is.</param>
    /// <param name="run">Asks, and prints the answer.</param>
    /// <param name="options">Further options.</param>
    public static Command Create(string name, string what, string who, Func<UserCall, Task> run, params Option[] options)
    {
        var user = IdOption.User("--user", who);
        var command = new Command(name, what) { user };
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(async (result, cancellation) =>
        {
            using var api = new ServerApi(result.HttpAddress(), result.Secrets());
            await run(new UserCall(api, result.GetValue(user), result, cancellation));
            return ExitCodes.Success;
        });
        return command;
    }
}
