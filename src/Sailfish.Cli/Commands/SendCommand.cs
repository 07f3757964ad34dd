using System.CommandLine;
using System.Text.Json;
using Sailfish.Cli.Terminal;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish send</c>: one chat message through the server API.</summary>
internal static class SendCommand
{
    private static readonly Option<long?> To = IdOption.OptionalUser("--to", "The user who gets it");
    private static readonly Option<long?> Room = IdOption.OptionalRoom("--room", "The room that gets it");
    private static readonly Option<long?> From = IdOption.OptionalUser("--from", "The user it is from [default: the system]");
    private static readonly Option<string> Content = new("--content") { Description = "The text", Required = true };

    private static readonly Option<string> ClientMsgId = new("--client-msg-id")
    {
        Description = "1 to 64 characters: the same id of the same user is stored once in a conversation",
    };

    public static Command Create()
    {
        var command = new Command("send", "Send one message through the server API") { To, Room, From, Content, ClientMsgId };
        command.Validators.Add(result =>
        {
            if ((result.GetResult(To) is null) == (result.GetResult(Room) is null))
                result.AddError("Name either --to or --room.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        var answer = await api.PostAsync(
            "messages", Request(result), CliJson.Default.SendRequest, CliJson.Default.SendAnswer, cancellation);
        Printer.Note("stored; its msgId, conversation and seq:");
        Output.Line($"{answer.MsgId} {answer.Conversation} {answer.Seq}");
        return ExitCodes.Success;
    }

    private static SendRequest Request(ParseResult result) => new(
        BizCodes.Chat,
        JsonSerializer.Serialize(new SendContent(result.GetValue(Content)!), CliJson.Default.SendContent),
        result.GetValue(From),
        result.GetValue(ClientMsgId) ?? Guid.NewGuid().ToString("N"),
        new SendTarget(result.GetValue(To), result.GetValue(Room)));
}
