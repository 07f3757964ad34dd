using Sailfish.Server.Hosting;

namespace Sailfish.Server.Commands;

/// <summary>The program from its first line to its exit code.</summary>
internal static class ProgramRun
{
    /// <summary>Runs the program, and says in one line why it ended; a fault of its own is left as it is.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> run, StopSignals signals)
    {
        try
        {
            return await run();
        }
#pragma warning disable CA1031 // whatever breaks while the process ends
        catch (Exception) when (signals.IsCalledOff)
#pragma warning restore CA1031
        {
            return signals.ExitCode;
        }
        catch (Exception problem) when (StartProblems.Of(problem) is { } sentences)
        {
            await Console.Error.WriteLineAsync($"Sailfish cannot start. {string.Join(" ", sentences)}");
            return 1;
        }
    }
}
