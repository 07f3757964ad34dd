using System.Text;

namespace Sailfish.LoadTest.Results;

/// <summary>All results as a page: the targets, then every metric with its runs.</summary>
internal static class Markdown
{
    internal static void Write(string path, ResultSet results, IReadOnlyList<TargetOutcome> outcomes)
    {
        var page = new StringBuilder();
        if (outcomes.Count > 0)
            page.Append(TargetTable.Markdown(outcomes)).Append('\n');
        foreach (var result in results.All)
            Add(page, result);
        File.WriteAllText(path, page.ToString());
    }

    private static void Add(StringBuilder page, ScenarioResult result)
    {
        page.Append($"### `{result.Scenario} {result.Parameters}`\n\n");
        if (result.Note.Length > 0)
            page.Append($"{result.Note}\n\n");
        page.Append("| metric | median | unit | runs |\n|---|---:|---|---|\n");
        foreach (var metric in result.Metrics)
        {
            var runs = string.Join(" · ", result.RunsOf(metric).Select(ResultTable.Format));
            page.Append($"| {metric.Name} | {ResultTable.Format(metric.Value)} | {metric.Unit} | {runs} |\n");
        }

        page.Append('\n');
        foreach (var failure in result.Failures)
            page.Append($"**Failed:** {failure}\n\n");
    }
}
