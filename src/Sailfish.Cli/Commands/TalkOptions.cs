using System.CommandLine;
using Sailfish.Client;

namespace Sailfish.Cli.Commands;

/// <summary>What <c>chat</c> and <c>room</c> share.</summary>
internal static class TalkOptions
{
    private static readonly Option<bool> Stay = new("--stay") { Description = "Keep receiving after the end of stdin" };
    private static readonly Option<string> Name = new("--name") { Description = "The name that others see" };
    private static readonly Option<string> Device = new("--device") { Description = "Replaces an older connection of the same user's same device" };

    public static void AddTo(Command command)
    {
        command.Options.Add(Stay);
        command.Options.Add(Name);
        command.Options.Add(Device);
    }

    public static bool Stays(this ParseResult result) => result.GetValue(Stay);

    /// <summary>A client that logs in with tokens made here, and leaves unread what is not of the conversation.</summary>
    public static SailfishClient MakeClient(this ParseResult result, long user, string conversation)
    {
        var app = result.Secrets();
        var mint = new TokenMint(app, TimeProvider.System);
        var claims = new TokenClaims(user) { Name = result.GetValue(Name) };
        return new SailfishClient(new SailfishClientOptions
        {
            Endpoint = result.TcpEndpoint(),
            AppId = app.AppId,
            UserId = user,
            DeviceId = result.GetValue(Device),
            Platform = "cli",
            TokenProvider = SailfishToken.From(() => mint.Make(claims)),
            AckWhenRead = true,
            AckFilter = message => message.Conversation == conversation,
            ReceiptTimeout = Timeout.InfiniteTimeSpan,
            ReconnectMaxDelay = TimeSpan.FromSeconds(5),
            RateLimitRetries = int.MaxValue,
            // A line that is refused for the rate must not be overtaken by the next.
            MaxInFlight = 1,
        });
    }
}
