using System.Runtime.Versioning;
using Sailfish.Cli.Commands;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Local;

/// <summary>
/// Several nodes on this machine, with a PostgreSQL of their own and, if wanted, NATS. They end in the reverse order of their
/// start: what nodes need outlives them.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LocalCluster
{
    /// <summary>Returns with a cancellation; throws when something ends by itself.</summary>
    public static async Task RunAsync(LocalOptions options, CancellationToken cancellation)
    {
        var programs = PostgresPrograms.Find(options.Postgres);
        var nats = options.IsNats ? LocalNats.Find() : null;
        if (options.Program is null)
            await ServerBuild.RunAsync(cancellation);
        using var folder = new LocalFolder(options.Folder);
        using var guard = new Guard(folder.IsTemporary ? folder.Path : null);
        await using var postgres = await LocalPostgres.StartAsync(programs, folder, options.Nodes, guard, cancellation);
        await using var bus = nats is null ? null : await LocalNats.StartAsync(nats, folder, guard, cancellation);
        var settings = new Dictionary<string, string>
        {
            ["Sailfish__Cluster__Database"] = postgres.ConnectionString,
            ["Sailfish__Cluster__Bus"] = bus?.Address ?? "postgres",
        };
        await using var nodes = new LocalNodes();
        for (var number = 1; number <= options.Nodes; number++)
            await nodes.StartAsync(new LocalNode(number, options.Program, folder.Path, settings, guard), cancellation);
        Printer.Note($"{options.Nodes} nodes run; their secrets: --data-dir {nodes.First.DataDir}. Ctrl-C ends them{(folder.IsTemporary ? ", and their data is gone then" : "")}.");
        await EndAsync([postgres.Server!, .. bus is null ? [] : new[] { bus.Server }, .. nodes.Servers], cancellation);
    }

    /// <summary>Until something ends: a child, whoever reads the output, or the wish for more.</summary>
    private static async Task EndAsync(List<Child> children, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = OutputWatch.RunAsync(stop.Token);
        var first = await Task.WhenAny([watching, .. children.Select(child => child.Exit)]);
        await stop.CancelAsync();
        if (first == watching)
            await watching;
        var dead = children.Find(child => child.Exit == first)!;
        throw new CliException($"{dead.Name} ended with exit code {await dead.Exit}");
    }
}
