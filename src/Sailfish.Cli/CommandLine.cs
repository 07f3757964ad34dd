using System.CommandLine;
using Sailfish.Cli.Commands;
using Sailfish.Cli.Terminal;
using Sailfish.Client;

namespace Sailfish.Cli;

/// <summary>The commands, and what becomes of their failures.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (Array.Find(args, arg => arg.Contains('\uFFFD', StringComparison.Ordinal)) is not null)
            return Refuse($"an argument is not valid {InputLines.EncodingName}");
        using var interrupt = new Interrupt();
        // Ctrl-C is a command's regular end here, so the library must neither catch it nor hurry it.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            var result = Create().Parse(args);
            if (result.Errors.Count > 0)
                return Refuse(result);
            return await result.InvokeAsync(configuration, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
        catch (Exception e) when (e is CliException or SailfishException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"sailfish: {Printable.Line(e.Message)}");
            return ExitCodes.Failure;
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Sailfish from the command line: chat, rooms, tokens, presence, messages, clusters.");
        GlobalOptions.AddTo(root);
        root.Subcommands.Add(ChatCommand.Create());
        root.Subcommands.Add(RoomCommand.Create());
        root.Subcommands.Add(TokenCommand.Create());
        root.Subcommands.Add(OnlineCommand.Create());
        root.Subcommands.Add(TagCommand.Create());
        root.Subcommands.Add(SuspendCommand.Create());
        root.Subcommands.Add(UnsuspendCommand.Create());
        root.Subcommands.Add(PasswordCommand.Create());
        root.Subcommands.Add(SendCommand.Create());
        root.Subcommands.Add(StatusCommand.Create());
        root.Subcommands.Add(AppsCommand.Create());
        root.Subcommands.Add(ClusterCommand.Create());
        root.Subcommands.Add(MigrateCommand.Create());
        return root;
    }

    private static int Refuse(ParseResult result) => Refuse([.. result.Errors.Select(error => error.Message)]);

    private static int Refuse(params string[] reasons)
    {
        foreach (var reason in reasons)
            Console.Error.WriteLine($"sailfish: {reason}");
        Console.Error.WriteLine("Try 'sailfish --help'.");
        return ExitCodes.Usage;
    }
}
