using Sailfish.Server.Hosting;

namespace Sailfish.Server.Identity;

/// <summary>What apps must be, wherever they stand.</summary>
internal static class AppRules
{
    /// <param name="apps">All that there are.</param>
    /// <param name="source">Where they stand: a section of the settings, or a file.</param>
    /// <exception cref="ConfigurationException">They are not so.</exception>
    public static void Check(IReadOnlyList<AppConfig> apps, string source)
    {
        var validator = new AppConfigValidator();
        foreach (var (app, i) in apps.Select((app, i) => (app, i)))
        {
            // The name of the class says nothing to who wrote the setting.
            if (validator.Validate(null, app) is { Failed: true } result)
                throw new ConfigurationException($"{source}:{i}:{result.FailureMessage.Replace($"{nameof(AppConfig)}.", "", StringComparison.Ordinal)}");
        }

        if (apps.Select(a => a.AppId).Distinct().Count() < apps.Count)
            throw new ConfigurationException($"{source}: two apps have the same AppId.");
        // A key opens one app: with two, one app's server would see the other's users.
        if (apps.Select(a => a.ApiKey).Distinct().Count() < apps.Count)
            throw new ConfigurationException($"{source}: two apps have the same ApiKey.");
    }
}
