using System.Globalization;
using Sailfish.Cli.Terminal;
using Sailfish.Client;

namespace Sailfish.Cli.Commands;

/// <summary>Messages of one conversation to stdout; everything else as notes to stderr.</summary>
internal sealed class Printer(string conversation)
{
    public void Print(SailfishMessage message)
    {
        if (message.Conversation == conversation)
            Output.Line($"{TimeOf(message)} {SenderOf(message)}: {Printable.Line(message.Content ?? message.Data)}");
        else
            Note($"a message from {SenderOf(message)} elsewhere ({message.Conversation ?? "to all"})");
    }

    public static void Note(string text) => Console.Error.WriteLine($"* {Printable.Line(text)}");

    private static string TimeOf(SailfishMessage message) =>
        (message.Time ?? TimeProvider.System.GetUtcNow()).ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string SenderOf(SailfishMessage message) => message.SenderName is { Length: > 0 } name
        ? Printable.Line(name)
        : message.SenderId.ToString(CultureInfo.InvariantCulture);
}
