using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sailfish.LoadTest.Diagnostics;

namespace Sailfish.LoadTest.Results;

/// <summary>Results for a program, with the machine they are from.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static void Write(string path, ResultSet results, IEnumerable<TargetOutcome> outcomes)
    {
        var file = new JsonObject
        {
            ["machine"] = new JsonObject
            {
                ["cpu"] = ProcFs.CpuModel(),
                ["cores"] = Environment.ProcessorCount,
                ["system"] = RuntimeInformation.OSDescription,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
            },
            ["targets"] = new JsonArray([.. outcomes.Select(Describe)]),
            ["results"] = new JsonArray([.. results.All.Select(Describe)]),
        };
        File.WriteAllText(path, file.ToJsonString(Indented) + "\n");
    }

    private static JsonObject Describe(ScenarioResult result)
    {
        var node = new JsonObject
        {
            ["scenario"] = result.Scenario,
            ["parameters"] = result.Parameters,
            ["note"] = result.Note,
            ["metrics"] = new JsonArray([.. result.Metrics.Select(Describe)]),
            ["failures"] = new JsonArray([.. result.Failures.Select(f => JsonValue.Create(f))]),
        };
        if (result.Runs.Count > 0)
            node["runs"] = new JsonArray([.. result.Runs.Select(Describe)]);
        return node;
    }

    private static JsonObject Describe(TargetOutcome outcome) => new()
    {
        ["name"] = outcome.Target.Name,
        ["target"] = outcome.Target.Condition,
        ["unit"] = outcome.Target.Unit,
        ["measured"] = outcome.Measured,
        ["met"] = outcome.IsMet,
    };

    private static JsonObject Describe(Metric metric) => new()
    {
        ["name"] = metric.Name,
        ["value"] = double.IsFinite(metric.Value) ? metric.Value : null,
        ["unit"] = metric.Unit,
    };
}
