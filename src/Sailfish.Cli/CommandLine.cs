using System.CommandLine;
using Sailfish.Cli.Commands;
using Sailfish.Client;

namespace Sailfish.Cli;

/// <summary>The commands, and what becomes of their failures.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var result = Create().Parse(args);
        if (result.Errors.Count > 0)
            return Refuse(result);
        using var interrupt = new Interrupt();
        // Ctrl-C is a command's regular end here, so the library must neither catch it nor hurry it.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
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
        var root = new RootCommand("Sailfish from the command line: chat, rooms, tokens, presence, messages.");
        GlobalOptions.AddTo(root);
        root.Subcommands.Add(ChatCommand.Create());
        root.Subcommands.Add(RoomCommand.Create());
        root.Subcommands.Add(TokenCommand.Create());
        root.Subcommands.Add(OnlineCommand.Create());
        root.Subcommands.Add(TagCommand.Create());
        root.Subcommands.Add(SendCommand.Create());
        return root;
    }

    private static int Refuse(ParseResult result)
    {
        foreach (var error in result.Errors)
            Console.Error.WriteLine($"sailfish: {error.Message}");
        Console.Error.WriteLine("Try 'sailfish --help'.");
        return ExitCodes.Usage;
    }
}
