using System.Globalization;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What nodes append to their database, without the nodes: the limit of <see cref="DirectScenario"/> over several of them.</summary>
internal sealed class AppendScenario(int batch, int conversations, int frame, TimeSpan period) : IScenario
{
    public string Name => "append";

    public string Parameters(LoadSettings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"--connections {settings.Nodes} --batch {batch} --conversations {conversations} --data-bytes {frame} --seconds {period.TotalSeconds:F0}");

    public void Run(LoadSettings settings, ScenarioResult result)
    {
        using var directory = new TemporaryDirectory(settings.DataRoot);
        using var shared = SharedParts.Start(settings with { Bus = ClusterBus.Postgres });
        result.Add(MetricNames.Stored, RawStore.Run(settings, directory.Path, [Name, "--database", shared.Database, .. Parameters(settings).Split(' ')]), "/s");
    }
}
