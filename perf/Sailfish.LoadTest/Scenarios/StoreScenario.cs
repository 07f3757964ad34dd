using System.Globalization;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The store without a server around it, on the server's cores and disk: the limit of <see cref="DirectScenario"/>.</summary>
internal sealed class StoreScenario(int batch, int conversations, int frame, TimeSpan period) : IScenario
{
    public string Name => "store";

    public string Parameters(LoadSettings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"--batch {batch} --conversations {conversations} --data-bytes {frame} --seconds {period.TotalSeconds:F0}");

    public void Run(LoadSettings settings, ScenarioResult result)
    {
        using var directory = new TemporaryDirectory(settings.DataRoot);
        result.Add(MetricNames.Stored, RawStore.Run(settings, directory.Path, [Name, .. Parameters(settings).Split(' ')]), "/s");
    }
}
