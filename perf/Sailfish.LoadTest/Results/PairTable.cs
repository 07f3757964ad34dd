using System.Globalization;
using System.Text;

namespace Sailfish.LoadTest.Results;

/// <summary>Rounds of results of several servers, as a table of ratios: the first server by each of the others.</summary>
internal sealed class PairTable(string[] names)
{
    private readonly List<ResultSet[]> _rounds = [];

    /// <summary>What went wrong in any run, with the server's name.</summary>
    internal IEnumerable<string> Failures =>
        from round in _rounds
        from server in names.Zip(round)
        from result in server.Second.All
        from failure in result.Failures
        select $"{server.First}: {result.Scenario} {result.Parameters}: {failure}";

    /// <param name="round">One result of each server, in the order of the names.</param>
    internal void Add(ResultSet[] round) => _rounds.Add(round);

    internal string Markdown()
    {
        var page = new StringBuilder("| figure | median here |");
        foreach (var name in names.Skip(1))
            page.Append(CultureInfo.InvariantCulture, $" by {name}: median | pairs |");
        page.Append("\n|---|---:|");
        foreach (var _ in names.Skip(1))
            page.Append("---:|---|");
        page.Append('\n');
        foreach (var figure in Figure.All)
            AddRow(page, figure);
        return page.ToString();
    }

    private void AddRow(StringBuilder page, Figure figure)
    {
        var here = _rounds.Select(r => figure.Of(r[0])).Where(double.IsFinite).ToArray();
        if (here.Length == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"| {figure.Name} | {ResultTable.Format(ScenarioResult.Median(here))}");
        for (var i = 1; i < names.Length; i++)
        {
            var ratios = _rounds.Select(r => figure.Ratio(r[0], r[i])).Where(double.IsFinite).ToArray();
            page.Append(CultureInfo.InvariantCulture, $" | {ScenarioResult.Median(ratios):F2} | ")
                .AppendJoin(" · ", ratios.Select(r => r.ToString("F2", CultureInfo.InvariantCulture)));
        }

        page.Append(" |\n");
    }
}
