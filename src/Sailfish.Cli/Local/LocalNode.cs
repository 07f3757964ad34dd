using System.Globalization;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Local;

/// <summary>One node of a local cluster.</summary>
internal sealed class LocalNode : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>More than a server takes for its stop.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private static readonly string[] AnyPorts = ["--Sailfish:Gateway:TcpPort=0", "--Sailfish:Gateway:WebSocketPort=0", "--Sailfish:Http:Port=0", "--Sailfish:Media:RtmpPort=0"];

    private readonly int _number;
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="number">From 1. The first one has the ports of the settings, the others any.</param>
    /// <param name="program">The server's; null to look for it.</param>
    /// <param name="folder">Where it runs: an <c>appsettings.json</c> there is for all nodes.</param>
    /// <param name="cluster">The settings of the cluster, which carry passwords: in the environment nobody else sees them.</param>
    /// <param name="guard">Ends it when nobody else does.</param>
    public LocalNode(int number, string? program, string folder, IReadOnlyDictionary<string, string> cluster, Guard guard)
    {
        _number = number;
        DataDir = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"node{number}"));
        var start = ServerProgram.Start(program, [$"--Sailfish:DataDir={DataDir}", .. number == 1 ? [] : AnyPorts]);
        start.WorkingDirectory = folder;
        foreach (var (name, value) in cluster)
            start.Environment[name] = value;
        Server = new Child(string.Create(CultureInfo.InvariantCulture, $"node {number}"), start, guard, Take);
    }

    public string DataDir { get; }

    public Child Server { get; }

    /// <summary>Done when it listens.</summary>
    public async Task ListenAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        var first = await Task.WhenAny(_listening.Task, Server.Exit, Task.Delay(Timeout.Infinite, limit.Token));
        cancellation.ThrowIfCancellationRequested();
        if (first != _listening.Task)
            throw new CliException($"{Server.Name} did not start");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.StopAsync(Signal.Terminate, StopLimit);
        Server.Dispose();
    }

    private void Take(string line)
    {
        var listening = NodeLine.Listening(line);
        if (listening is not null || NodeLine.IsWorthTelling(line))
            Tell(string.Create(CultureInfo.InvariantCulture, $"{_number}: {listening ?? line}"));
        if (listening is not null)
            _listening.TrySetResult();
    }

    private static void Tell(string line)
    {
        try
        {
            Output.Line(Printable.Line(line));
        }
        catch (IOException)
        {
            // Nobody reads any more: the watch of the output ends the cluster for it.
        }
    }
}
