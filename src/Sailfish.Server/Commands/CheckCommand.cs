using Sailfish.Server.Configuration;

namespace Sailfish.Server.Commands;

/// <summary><c>check</c>: what would stop a start, or else the settings that it would have. Makes nothing and needs no lock.</summary>
internal static class CheckCommand
{
    public static int Run(IServiceProvider services)
    {
        if (SettingsCheck.Problems(services) is { Count: > 0 } problems)
        {
            foreach (var problem in problems)
                Console.Error.WriteLine($"Sailfish cannot start. {problem}");
            return 1;
        }

        foreach (var line in EffectiveSettings.Lines(services))
            Console.WriteLine(line);
        return 0;
    }
}
