using System.CommandLine;
using System.Net;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish token</c>: prints a token, made here with the app's secret.</summary>
internal static class TokenCommand
{
    private const int MaxSeconds = 86_400;
    private const int MaxRooms = 100;

    /// <summary>Those who sign up on the page get ids from here on (docs/protocol.md, section 7.1).</summary>
    private const long FirstAccount = 100_001;
    private static readonly Option<long> User = IdOption.User("--user", "The user that the token is for");
    private static readonly Option<string> Name = new("--name") { Description = "The name that others see" };
    private static readonly Option<string> Avatar = new("--avatar") { Description = "The address of the user's picture" };
    private static readonly Option<string> Device = new("--device") { Description = "The device that the token is bound to" };

    private static readonly Option<long[]> Rooms = IdOption.Rooms("--room", "A room that can be joined with it, and then only those named; may come again", MaxRooms);
    private static readonly Option<bool> Account = new("--account") { Description = "The user is somebody who signed up on the page" };

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
        var command = new Command("token", "Print a token to log in with") { User, Name, Avatar, Device, Rooms, Account, Seconds };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var claims = new TokenClaims(result.GetValue(User))
        {
            Name = result.GetValue(Name),
            Avatar = result.GetValue(Avatar),
            Device = result.GetValue(Device),
            Rooms = result.GetResult(Rooms) is null ? null : result.GetValue(Rooms),
            Seconds = result.GetValue(Seconds),
        };
        if (claims.UserId >= FirstAccount)
            await CheckAsync(result, claims.UserId, cancellation);
        Output.Line(new TokenMint(result.Secrets(), TimeProvider.System).Make(claims));
        return ExitCodes.Success;
    }

    /// <summary>
    /// Whether the id is an account's is known to the server alone. It is asked for a token, and from then on knows the id as
    /// the app's own. Where it does not run, or another one does, the token is made all the same: the login looks again.
    /// </summary>
    private static async Task CheckAsync(ParseResult result, long user, CancellationToken cancellation)
    {
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        try
        {
            await api.PostAsync("tokens", new TokenRequest(user, result.GetValue(Account)), CliJson.Default.TokenRequest, CliJson.Default.TokenAnswer, cancellation);
        }
        catch (CliException problem) when (problem.Status is not (HttpStatusCode.Conflict or HttpStatusCode.NotFound))
        {
            // No answer to the question.
        }
    }
}
