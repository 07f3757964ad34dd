using System.Diagnostics;

namespace Sailfish.Cli.Local;

/// <summary>
/// A program that runs beside the tool, in a session of its own: what a terminal tells all processes at once reaches the tool
/// alone, which then ends them in their order.
/// </summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    /// <param name="name">For messages.</param>
    /// <param name="start">The program.</param>
    /// <param name="guard">Ends it when nobody else does.</param>
    /// <param name="said">Takes each line of its outputs.</param>
    public Child(string name, ProcessStartInfo start, Guard guard, Action<string> said)
    {
        Name = name;
        _process = new Process { StartInfo = InSession(start) };
        _process.OutputDataReceived += (_, line) => Take(line.Data, said);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, said);
        _process.Start();
        guard.Watch(_process.Id);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exit = ExitAsync();
    }

    public string Name { get; }

    /// <summary>Its exit code, when it has ended and all that it said has been taken.</summary>
    public Task<int> Exit { get; }

    public async Task StopAsync(int signal, TimeSpan limit)
    {
        if (Exit.IsCompleted)
            return;
        Signal.Send(_process.Id, signal);
        if (await Task.WhenAny(Exit, Task.Delay(limit, CancellationToken.None)) != Exit)
            Signal.Send(_process.Id, Signal.Kill);
        await Exit;
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The program takes the place of <c>setsid</c>, with its process number.</summary>
    private static ProcessStartInfo InSession(ProcessStartInfo start)
    {
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = "setsid";
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }

    private static void Take(string? line, Action<string> said)
    {
        if (line is not null)
            said(line);
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
