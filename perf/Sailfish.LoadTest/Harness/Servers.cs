using System.Globalization;
using System.Security.Cryptography;
using Sailfish.LoadTest.Diagnostics;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Harness;

/// <summary>What is under load: one server, or the nodes of a cluster with the database and the bus that they share.</summary>
internal sealed class Servers : IDisposable
{
    private readonly List<ServerProcess> _nodes = [];
    private readonly List<ServerProcess> _dead = [];
    private SharedParts? _shared;

    private Servers(LoadSettings settings)
    {
        Settings = settings;
        App = new App(10001, RandomNumberGenerator.GetHexString(64), RandomNumberGenerator.GetHexString(64));
    }

    internal LoadSettings Settings { get; }

    internal App App { get; }

    /// <summary>The only server, or the first node.</summary>
    internal ServerProcess First => _nodes[0];

    /// <summary>Those that live.</summary>
    internal IReadOnlyList<ServerProcess> Nodes => _nodes;

    internal bool HasExited => _nodes.Exists(node => node.HasExited);

    internal string LastLines => string.Join('\n', _nodes.Select(node => node.LastLines));

    /// <summary>Seconds of CPU of all nodes.</summary>
    internal double CpuSeconds => _nodes.Sum(node => ProcFs.CpuSeconds(node.Id.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Seconds of CPU of the database that nodes share; 0 where there is none.</summary>
    internal double DatabaseSeconds => _shared?.ProcessIds.Sum(ProcFs.TryCpuSeconds) ?? 0;

    /// <summary>Starts them and waits until all listen.</summary>
    internal static Servers Start(LoadSettings settings)
    {
        var servers = new Servers(settings);
        try
        {
            servers._shared = settings.Nodes > 1 ? SharedParts.Start(settings) : null;
            for (var i = 0; i < settings.Nodes; i++)
                servers._nodes.Add(ServerProcess.Start(settings, servers.App, servers._shared?.Settings ?? []));
            return servers;
        }
        catch
        {
            servers.Dispose();
            throw;
        }
    }

    /// <summary>Ends the last node without a word to anybody.</summary>
    internal void KillLast()
    {
        var node = _nodes[^1];
        _nodes.Remove(node);
        _dead.Add(node);
        node.Kill();
    }

    /// <summary>What the database that nodes share says to a statement: its rows, a line each, with | between the columns.</summary>
    internal string Sql(string statement) => _shared!.Sql(statement);

    /// <summary>The node of a session, by the number that it was given.</summary>
    internal ServerProcess NodeOf(int number) => _nodes[number % _nodes.Count];

    public void Dispose()
    {
        foreach (var node in _nodes.Concat(_dead))
            node.Dispose();
        _shared?.Dispose();
    }
}
