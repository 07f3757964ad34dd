using System.CommandLine;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish token</c>: prints a token, made here with the app's secret.</summary>
internal static class TokenCommand
{
    private const int MaxSeconds = 86_400;
    private static readonly Option<long> User = IdOption.User("--user", "The user that the token is for");
    private static readonly Option<string> Name = new("--name") { Description = "The name that others see" };
    private static readonly Option<string> Avatar = new("--avatar") { Description = "The address of the user's picture" };
    private static readonly Option<string> Device = new("--device") { Description = "The device that the token is bound to" };

    private static readonly Option<int> Seconds = new("--ttl")
    {
        Description = "Seconds for which one can log in with it",
        DefaultValueFactory = _ => TokenMint.DefaultSeconds,
    };

    public static Command Create()
    {
        Seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxSeconds)
                result.AddError($"--ttl is 1 to {MaxSeconds}.");
        });
        var command = new Command("token", "Print a token to log in with") { User, Name, Avatar, Device, Seconds };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        var claims = new TokenClaims(result.GetValue(User))
        {
            Name = result.GetValue(Name),
            Avatar = result.GetValue(Avatar),
            Device = result.GetValue(Device),
            Seconds = result.GetValue(Seconds),
        };
        Output.Line(new TokenMint(result.Secrets(), TimeProvider.System).Make(claims));
        return ExitCodes.Success;
    }
}
