using Sailfish.Server.Cluster;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>Notes what the watch of the links tells.</summary>
internal sealed class LossList : ILossSink
{
    private readonly List<string> _told = [];

    public void Lost(long source) => _told.Add($"lost {source}");

    public void FirstHeard(long source) => _told.Add($"first {source}");

    /// <summary>What was told since this was asked last.</summary>
    public List<string> Take()
    {
        List<string> told = [.. _told];
        _told.Clear();
        return told;
    }
}
