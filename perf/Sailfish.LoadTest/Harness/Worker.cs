using System.CommandLine;
using System.Text.Json;

namespace Sailfish.LoadTest.Harness;

/// <summary>The worker's side of a <see cref="WorkerProcess{TReport}"/>.</summary>
internal static class Worker
{
    internal const string Ready = "ready";

    /// <summary>A hidden command that reads its order from the standard input.</summary>
    internal static Command Command<TOrder>(string name, string description, Action<TOrder> run)
    {
        var command = new Command(name, description) { Hidden = true };
        command.SetAction(_ => run(JsonSerializer.Deserialize<TOrder>(
            Console.In.ReadLine() ?? throw new LoadTestException("This command is for other processes of this tool."))!));
        return command;
    }

    /// <summary>Says that it is ready, and ends when the standard input does.</summary>
    internal static Task ReadyUntilEnd()
    {
        Console.WriteLine(Ready);
        return Task.Run(Console.In.ReadToEnd);
    }

    internal static void Report<TReport>(TReport report) => Console.WriteLine(JsonSerializer.Serialize(report));
}
