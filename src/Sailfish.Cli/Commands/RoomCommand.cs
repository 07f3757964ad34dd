using System.CommandLine;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish room</c>: a room, a line a message.</summary>
internal static class RoomCommand
{
    private const int MaxHistory = 100;
    private static readonly Option<long> User = IdOption.User("--user", "Who you are");
    private static readonly Option<long> Room = IdOption.Room("--room", "The room to join");
    private static readonly Option<int> History = new("--history") { Description = "How many of the newest messages to print first, 0 to 100" };

    public static Command Create()
    {
        History.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > MaxHistory)
                result.AddError($"--history is 0 to {MaxHistory}.");
        });
        var command = new Command("room", "Talk in a room: lines from stdin are sent, what comes is printed") { User, Room, History };
        TalkOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var room = result.GetValue(Room);
        var conversation = $"r:{room}";
        await using var client = result.MakeClient(result.GetValue(User), conversation);
        var talk = new Talk(client, new Printer(conversation), line => client.SendToRoomAsync(room, line));
        client.RoomClosed += (_, closed) => talk.EndIf(closed.RoomId == room, ExitCodes.Success, "the room was closed");
        client.RoomLeft += (_, left) => talk.EndIf(left.RoomId == room, ExitCodes.Failure, $"out of the room: {left.Reason}");
        await client.ConnectAsync(cancellation);
        var info = await client.JoinAsync(room, result.GetValue(History), cancellation);
        Printer.Note($"in room {room}, {info.Viewers} here");
        return await talk.RunAsync(Console.OpenStandardInput(), result.Stays(), cancellation);
    }
}
