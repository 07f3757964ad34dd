using System.CommandLine;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish chat</c>: a one-to-one conversation, a line a message.</summary>
internal static class ChatCommand
{
    private static readonly Option<long> User = IdOption.User("--user", "Who you are");
    private static readonly Option<long> To = IdOption.User("--to", "Who you talk to");

    public static Command Create()
    {
        var command = new Command("chat", "Talk to a user: lines from stdin are sent, what comes is printed") { User, To };
        TalkOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(User) is not null && result.GetValue(User) == result.GetValue(To))
                result.AddError("--user and --to are the same.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var (user, to) = (result.GetValue(User), result.GetValue(To));
        var conversation = $"d:{Math.Min(user, to)}:{Math.Max(user, to)}";
        await using var client = result.MakeClient(user, conversation);
        var talk = new Talk(client, new Printer(conversation), line => client.SendAsync(to, line));
        await client.ConnectAsync(cancellation);
        return await talk.RunAsync(Console.OpenStandardInput(), result.Stays(), cancellation);
    }
}
