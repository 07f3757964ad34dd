using Sailfish.Server.Hosting;

namespace Sailfish.Server.Commands;

/// <summary><c>--Section:Key=value</c> or <c>--Section:Key value</c>, as the framework reads settings from arguments.</summary>
internal static class SettingArguments
{
    private const string Prefix = "--";

    /// <summary>Sections whose keys are settings.</summary>
    private static readonly string[] Sections = [ConfigurationCheck.Root, "Logging:LogLevel", "Logging:Console"];

    /// <summary>Keys without a section that the framework reads before all others.</summary>
    private static readonly string[] HostKeys = ["environment", "contentRoot"];

    /// <summary>For a hint beside the keys of the server itself.</summary>
    public static readonly IReadOnlyList<string> Examples = [$"{ConfigurationCheck.Root}:", "Logging:LogLevel:Default", "Logging:Console:FormatterName", .. HostKeys];

    private static readonly string[] SecretWords = ["secret", "password", "pwd", "psw", "key", "token", "database"];

    /// <summary>The settings, each as one argument, and what is none.</summary>
    public static (List<string> Settings, List<string> Others) Split(IReadOnlyList<string> args)
    {
        var (settings, others) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            if (!IsSetting(args[i]))
                others.Add(args[i]);
            else if (args[i].Contains('='))
                settings.Add(args[i]);
            else if (i + 1 < args.Count && !args[i + 1].StartsWith(Prefix, StringComparison.Ordinal))
                settings.Add($"{args[i]}={args[++i]}");
            else
                throw new ConfigurationException($"The setting {args[i]} has no value. Write {args[i]}=….");
        }

        return (settings, others);
    }

    /// <summary>
    /// An argument as it may be shown: what stands behind a key that sounds like a secret's may be one, and one with such a word
    /// further behind may be a connection string.
    /// </summary>
    public static string WithoutSecret(string argument)
    {
        var end = argument.IndexOf('=', StringComparison.Ordinal);
        return end >= 0 && SecretWords.Any(word => argument.Contains(word, StringComparison.OrdinalIgnoreCase)) ? argument[..end] : argument;
    }

    private static bool IsSetting(string argument)
    {
        if (!argument.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var key = argument[Prefix.Length..].Split('=')[0];
        return HostKeys.Contains(key, StringComparer.OrdinalIgnoreCase)
            || Sections.Any(section => key.StartsWith($"{section}:", StringComparison.OrdinalIgnoreCase) && key.Length > section.Length + 1);
    }
}
