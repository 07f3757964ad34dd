using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The store without a server around it, on the server's cores and disk: the limit of <see cref="DirectScenario"/>.</summary>
internal sealed class StoreScenario(int batch, int conversations, int frame, TimeSpan period) : IScenario
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(60);

    public string Name => "store";

    public string Parameters(LoadSettings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"--batch {batch} --conversations {conversations} --data-bytes {frame} --seconds {period.TotalSeconds:F0}");

    public void Run(LoadSettings settings, ScenarioResult result)
    {
        using var directory = new TemporaryDirectory(settings.DataRoot);
        var start = PinnedProcess.StartInfo(settings, directory.Path, [ProgramPath.Peers, Name, .. Parameters(settings).Split(' ')]);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(ExitLimit) || process.ExitCode != 0)
            throw new LoadTestException($"The store failed: {process.StandardError.ReadToEnd()}");
        using var json = JsonDocument.Parse(output);
        result.Add(MetricNames.Stored, json.RootElement.GetProperty("messagesPerSecond").GetDouble(), "/s");
    }
}
