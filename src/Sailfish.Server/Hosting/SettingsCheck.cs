using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary>Everything that can be said against the settings before the data folder is touched.</summary>
internal static class SettingsCheck
{
    /// <summary>One sentence each; empty when the server can start with them.</summary>
    public static List<string> Problems(IServiceProvider services)
    {
        var problems = ConfigurationCheck.Problems(services).ToList();
        // Ranges say little of values that are no numbers, and files little of settings out of range.
        if (problems.Count == 0)
            problems.AddRange(Tried(() => services.GetRequiredService<IStartupValidator>().Validate()));
        if (problems.Count == 0)
            problems.AddRange(services.GetServices<StartCheck>().SelectMany(check => Tried(() => check.Run(services))));
        return problems;
    }

    private static IEnumerable<string> Tried(Action check)
    {
        try
        {
            check();
            return [];
        }
        catch (Exception problem) when (StartProblems.Of(problem) is { } sentences)
        {
            return sentences;
        }
    }
}
