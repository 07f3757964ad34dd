using System.Reflection;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Configuration;

/// <summary>
/// Refuses keys below <c>Sailfish</c> that no options class has: a misspelt key would otherwise be a default in silence.
/// </summary>
internal static class ConfigurationCheck
{
    public const string Root = "Sailfish";

    /// <summary>The options of a section, bound, checked at start, and known to <see cref="UnknownKeys"/>.</summary>
    public static IServiceCollection AddSailfishOptions<TOptions, TValidator>(this IServiceCollection services, string? section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>, new()
    {
        var path = section is null ? Root : $"{Root}:{section}";
        services.AddOptions<TOptions>().BindConfiguration(path).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(new SectionValidator<TOptions>(path, new TValidator()));
        services.AddSingleton(new KnownSection(section, typeof(TOptions)));
        return services;
    }

    /// <summary>Stops the start when a key is unknown, naming it and its neighbours.</summary>
    public static void ThrowOnUnknownKeys(IServiceProvider services)
    {
        var sections = services.GetServices<KnownSection>().ToList();
        var root = services.GetRequiredService<IConfiguration>().GetSection(Root);
        var unknown = UnknownKeys(root, sections).ToList();
        if (unknown.Count > 0)
            throw new ConfigurationException(string.Join(Environment.NewLine, unknown));
    }

    internal static IEnumerable<string> UnknownKeys(IConfigurationSection root, IReadOnlyList<KnownSection> sections)
    {
        var rootOptions = sections.FirstOrDefault(s => s.Name is null)?.Options;
        foreach (var child in root.GetChildren())
        {
            var section = sections.FirstOrDefault(s => string.Equals(s.Name, child.Key, StringComparison.OrdinalIgnoreCase));
            if (section is not null)
            {
                foreach (var problem in UnknownIn(child, section.Options))
                    yield return problem;
            }
            else if (rootOptions is null || Find(rootOptions, child.Key) is null)
            {
                var known = sections.Where(s => s.Name is not null).Select(s => s.Name!)
                    .Concat(rootOptions is null ? [] : Names(rootOptions));
                yield return Unknown(child, known);
            }
        }
    }

    private static IEnumerable<string> UnknownIn(IConfigurationSection section, Type options)
    {
        if (ElementType(options) is { } element)
        {
            // A list: its children are numbers, and below them stands the element.
            return IsPlain(element) ? [] : section.GetChildren().SelectMany(item => UnknownIn(item, element));
        }

        return section.GetChildren().SelectMany(child => Find(options, child.Key) switch
        {
            null => [Unknown(child, Names(options))],
            var property when IsPlain(property.PropertyType) => [],
            var property => UnknownIn(child, property.PropertyType),
        });
    }

    private static string Unknown(IConfigurationSection section, IEnumerable<string> known) =>
        $"The setting {section.Path} is not known. Known beside it: {string.Join(", ", known.Order(StringComparer.Ordinal))}.";

    private static PropertyInfo? Find(Type options, string name) =>
        options.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    private static IEnumerable<string> Names(Type options) => options.GetProperties().Select(p => p.Name);

    private static bool IsPlain(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(Uri);
    }

    /// <summary>Puts the section before each failure, so that it names the key as it stands in the configuration.</summary>
    private sealed class SectionValidator<TOptions>(string path, IValidateOptions<TOptions> validator) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var result = validator.Validate(name, options);
            return result.Failed ? ValidateOptionsResult.Fail(result.Failures.Select(failure => $"{path}:{failure}")) : result;
        }
    }

    private static Type? ElementType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GetGenericArguments()[0] : null;
}

/// <summary>A section of the configuration and the class that it binds to; no name stands for the root.</summary>
internal sealed record KnownSection(string? Name, Type Options);

/// <summary>A setting that must be mended before the server can start; the message says how.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
