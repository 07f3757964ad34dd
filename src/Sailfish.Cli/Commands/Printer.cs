using System.Globalization;
using Sailfish.Cli.Terminal;
using Sailfish.Client;

namespace Sailfish.Cli.Commands;

/// <summary>Messages of one conversation to stdout; notes to stderr, one for each other conversation that has unread ones.</summary>
internal sealed class Printer(string conversation)
{
    private readonly HashSet<string> _noted = new(StringComparer.Ordinal);

    public void Print(SailfishMessage message)
    {
        if (message.Conversation == conversation)
            Output.Line($"{TimeOf(message)} {SenderOf(message)}: {TextOf(message)}");
        else if (message.Conversation is null)
            Note($"{SenderOf(message)} to all: {TextOf(message)}");
        else if (_noted.Add(message.Conversation))
            Note($"unread: a message from {SenderOf(message)} elsewhere ({message.Conversation})");
    }

    public static void Note(string text) => Console.Error.WriteLine($"* {Printable.Line(text)}");

    private static string TimeOf(SailfishMessage message) =>
        (message.Time ?? TimeProvider.System.GetUtcNow()).ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string TextOf(SailfishMessage message) => Printable.Line(message.Content ?? message.Data);

    private static string SenderOf(SailfishMessage message) => message switch
    {
        { SenderName: { Length: > 0 } name } => Printable.Line(name),
        { SenderId: 0 } => "the system",
        _ => message.SenderId.ToString(CultureInfo.InvariantCulture),
    };
}
