using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>This server and earlier ones, scenario by scenario in turn, so that what the machine does meanwhile meets all of them.</summary>
internal static class PairsCommand
{
    internal static Command Command()
    {
        var against = new Option<string[]>("--against")
        {
            Description = "NAME=FILE, an earlier Sailfish.Server.dll; may be repeated",
            Required = true,
        };
        var pairs = CheckedOption.Number("--pairs", "Rounds; each runs every scenario once on every server", 7, 1, 100);
        var members = CheckedOption.Number("--members", "Members of the large rooms; by turns of seconds only where those of all servers are 18,000 at most", 10_000, 100, CheckedOption.MaxConnections);
        var only = new Option<string?>("--only") { Description = "The scenarios whose key begins so" };
        var command = new Command("pairs", "The figures of this server by those of earlier ones, under the same load in turn")
        {
            against, pairs, members, only,
        };
        var common = new CommonOptions();
        common.AddTo(command);
        ScenarioCommand.SetAction(command, parsed =>
        {
            var settings = common.Read(parsed);
            Build[] builds = [new("this", settings.ServerPath), .. parsed.GetValue(against)!.Select(Build.Parse)];
            var steps = PairsPlan.Steps(settings, parsed.GetValue(members)).Where(s => s.Key.StartsWith(parsed.GetValue(only) ?? "", StringComparison.Ordinal));
            return Run(builds, [.. steps], parsed.GetValue(pairs), common.Markdown(parsed));
        });
        return command;
    }

    private static int Run(Build[] builds, Step[] steps, int pairs, FileInfo? markdown)
    {
        var table = new PairTable([.. builds.Select(b => b.Name)]);
        for (var round = 0; round < pairs; round++)
        {
            Console.Error.WriteLine($"round {round + 1} of {pairs}");
            table.Add(Round(builds, steps, round));
            if (markdown is not null)
                File.WriteAllText(markdown.FullName, table.Markdown());
        }

        Console.WriteLine(table.Markdown());
        foreach (var failure in table.Failures)
            Console.WriteLine($"FAILED: {failure}");
        return table.Failures.Any() ? 1 : 0;
    }

    /// <summary>Each scenario on each server, by turns in this order and in the opposite one: who comes first may have it better.</summary>
    private static ResultSet[] Round(Build[] builds, Step[] steps, int round)
    {
        var results = builds.Select(_ => new ResultSet()).ToArray();
        var order = Enumerable.Range(0, builds.Length);
        if (round % 2 == 1)
            order = order.Reverse();
        int[] turns = [.. order];
        foreach (var step in steps)
        {
            foreach (var (i, result) in turns.Zip(Results(step, [.. turns.Select(i => builds[i])])))
                results[i].Add(step.Key, result);
        }

        return results;
    }

    /// <summary>By turns of seconds, where the tool holds the sessions of all servers; else one after the other.</summary>
    private static IEnumerable<ScenarioResult> Results(Step step, IEnumerable<Build> builds)
    {
        LoadSettings[] settings = [.. builds.Select(b => step.Settings with { ServerPath = b.Path })];
        return step.Scenario is LoadScenario load && load.Sessions * settings.Length <= CheckedOption.MaxConnections
            ? TurnRunner.Run(load, settings)
            : settings.Select(each => ScenarioRunner.Run(step.Scenario, each));
    }

    /// <param name="Name">What the table calls it.</param>
    /// <param name="Path">Sailfish.Server.dll; that of this source tree when null.</param>
    private sealed record Build(string Name, string? Path)
    {
        internal static Build Parse(string text) => text.Split('=', 2) switch
        {
            [var name, var path] when File.Exists(path) => new(name, System.IO.Path.GetFullPath(path)),
            _ => throw new LoadTestException($"--against {text}: NAME=FILE is meant, a file that is there."),
        };
    }
}
