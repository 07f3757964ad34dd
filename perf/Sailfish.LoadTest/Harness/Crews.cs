namespace Sailfish.LoadTest.Harness;

/// <summary>The client processes of a run beside this one.</summary>
internal sealed class Crews : IDisposable
{
    /// <summary>The first after the address that this process's own sessions come from.</summary>
    private const byte FirstSource = 2;

    private readonly List<Crew> _crews = [];

    internal IReadOnlyList<Crew> All => _crews;

    /// <summary>Starts one more, and waits until its sessions are logged in.</summary>
    internal void Start(ServerProcess server, Fleet fleet, long firstUser, int sessions)
    {
        var settings = server.Settings;
        var crew = new Crew(new CrewOrder(
            server.App, server.Ports, settings.Transport, (byte)(FirstSource + _crews.Count), firstUser, sessions, settings.Pin ? settings.LoadCore : -1));
        _crews.Add(crew);
        while (!crew.IsReady)
            fleet.Poll(10);
    }

    /// <summary>Ends all of them, and says what became of their sessions.</summary>
    internal IReadOnlyList<CrewReport> End() => [.. _crews.Select(c => c.End())];

    public void Dispose() => _crews.ForEach(c => c.Dispose());
}
