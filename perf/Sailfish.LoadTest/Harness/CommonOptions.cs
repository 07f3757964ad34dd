using System.CommandLine;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Harness;

/// <summary>The options that every scenario takes.</summary>
internal sealed class CommonOptions
{
    internal const int MaxNodes = 16;

    private readonly Option<FileInfo?> _server = new("--server")
    {
        Description = "Sailfish.Server.dll; by default the Release build of this source tree",
    };

    private readonly Option<bool> _pin = new("--pin")
    {
        Description = "Give the server and the load a core each",
        DefaultValueFactory = _ => Environment.ProcessorCount > 1,
    };

    private readonly Option<string> _serverCores = new("--server-cores")
    {
        Description = "With --pin: the server's cores, as taskset takes them",
        DefaultValueFactory = _ => "0",
    };

    private readonly Option<int> _loadCore = CheckedOption.Number(
        "--load-core", "With --pin: the load's core", Math.Min(1, Environment.ProcessorCount - 1), 0, Environment.ProcessorCount - 1);

    private readonly Option<string> _transport = new("--transport")
    {
        Description = "How sessions connect",
        DefaultValueFactory = _ => TransportKind.Tcp.Name(),
    };

    private readonly Option<int> _runs =
        CheckedOption.Number("--runs", "Runs, each against a fresh server; the table shows medians", 1, 1, 100);

    private readonly Option<DirectoryInfo?> _dataRoot = new("--data-root")
    {
        Description = "Where the server's temporary data directory is made",
    };

    private readonly Option<string[]> _serverEnvironment = new("--server-env")
    {
        Description = "NAME=VALUE for the server's environment; may be repeated",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<int> _nodes = CheckedOption.Number("--nodes", "Servers; with more than one, nodes that share a PostgreSQL (Debian's), which --pin false suits", 1, 1, MaxNodes);

    private readonly Option<ClusterBus> _bus = new("--bus")
    {
        Description = "With --nodes: what nodes hurry each other by",
        DefaultValueFactory = _ => ClusterBus.Postgres,
    };

    private readonly Option<FileInfo?> _json = new("--json")
    {
        Description = "Write the results to this file as well",
    };

    private readonly Option<FileInfo?> _markdown = new("--markdown")
    {
        Description = "Write the tables to this file as well",
    };

    private readonly Option<FileInfo?> _plot = new("--plot")
    {
        Description = "Draw the cost of a delivery over the size of its room into this SVG file, where that was measured",
    };

    internal CommonOptions() => _transport.AcceptOnlyFromAmong(TransportKinds.Names);

    internal void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_pin);
        command.Options.Add(_serverCores);
        command.Options.Add(_loadCore);
        command.Options.Add(_transport);
        command.Options.Add(_runs);
        command.Options.Add(_dataRoot);
        command.Options.Add(_serverEnvironment);
        command.Options.Add(_nodes);
        command.Options.Add(_bus);
        command.Options.Add(_json);
        command.Options.Add(_markdown);
        command.Options.Add(_plot);
    }

    internal FileInfo? Markdown(ParseResult parsed) => parsed.GetValue(_markdown);

    internal LoadSettings Read(ParseResult parsed) => new(
        parsed.GetValue(_server)?.FullName,
        parsed.GetValue(_pin),
        parsed.GetValue(_serverCores)!,
        parsed.GetValue(_loadCore),
        TransportKinds.Parse(parsed.GetValue(_transport)!),
        parsed.GetValue(_runs),
        parsed.GetValue(_dataRoot)?.FullName,
        [.. parsed.GetValue(_serverEnvironment)!.Select(Pair)])
    {
        Nodes = parsed.GetValue(_nodes),
        Bus = parsed.GetValue(_bus),
    };

    /// <summary>Writes the files that were asked for.</summary>
    internal void WriteFiles(ParseResult parsed, ResultSet results, IReadOnlyList<TargetOutcome> outcomes)
    {
        if (parsed.GetValue(_json) is { } json)
            ResultFile.Write(json.FullName, results, outcomes);
        if (Markdown(parsed) is { } markdown)
            Results.Markdown.Write(markdown.FullName, results, outcomes);
        if (parsed.GetValue(_plot) is { } plot)
            GrowthPlot.Write(plot.FullName, results.Growth());
    }

    private static KeyValuePair<string, string> Pair(string text) => text.Split('=', 2) switch
    {
        [var name, var value] => new(name, value),
        _ => throw new LoadTestException($"--server-env {text}: NAME=VALUE is meant."),
    };
}
