using System.Reflection;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary>
/// Refuses keys below <c>Sailfish</c> that no options class has: a misspelt key would otherwise be a default in silence.
/// And values that are none of their type, in words that do not speak of the program's inside.
/// </summary>
internal static class ConfigurationCheck
{
    public const string Root = "Sailfish";

    /// <summary>The options of a section, bound, checked at start, and known to <see cref="Problems(IServiceProvider)"/>.</summary>
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

    /// <summary>Unknown keys, each with its neighbours, and values of the wrong type.</summary>
    public static IEnumerable<string> Problems(IServiceProvider services) =>
        Problems(services.GetRequiredService<IConfiguration>().GetSection(Root), [.. services.GetServices<KnownSection>()]);

    /// <summary>All keys that can be set; a list without its numbers.</summary>
    public static IEnumerable<string> Keys(IEnumerable<KnownSection> sections) =>
        sections.SelectMany(section => KeysIn(section.Path, section.Options));

    internal static IEnumerable<string> Problems(IConfigurationSection root, IReadOnlyList<KnownSection> sections)
    {
        var rootOptions = sections.FirstOrDefault(s => s.Name is null)?.Options;
        foreach (var child in root.GetChildren())
        {
            Type[] section = [.. sections.Where(s => string.Equals(s.Name, child.Key, StringComparison.OrdinalIgnoreCase)).Select(s => s.Options)];
            if (section.Length > 0)
            {
                foreach (var problem in ProblemsIn(child, section))
                    yield return problem;
            }
            else if (rootOptions is not null && Find(rootOptions, child.Key) is { } property)
            {
                foreach (var problem in ProblemsOf(child, property.PropertyType))
                    yield return problem;
            }
            else
            {
                var known = sections.Where(s => s.Name is not null).Select(s => s.Name!).Distinct()
                    .Concat(rootOptions is null ? [] : Names(rootOptions));
                yield return Unknown(child, known);
            }
        }
    }

    /// <summary>Of what stands below a section, which several features may have a part in, or a list.</summary>
    private static IEnumerable<string> ProblemsIn(IConfigurationSection section, params Type[] options)
    {
        // An empty list of a JSON file comes as an empty value.
        if (!string.IsNullOrEmpty(section.Value))
            return [$"{section.Path} is a section and takes no value."];
        if (ElementType(options[0]) is { } element)
            return section.GetChildren().SelectMany(item => ProblemsOf(item, element));
        return section.GetChildren().SelectMany(child =>
            options.Select(part => Find(part, child.Key)).FirstOrDefault(property => property is not null) is { } property
                ? ProblemsOf(child, property.PropertyType)
                : [Unknown(child, options.SelectMany(Names))]);
    }

    private static IEnumerable<string> ProblemsOf(IConfigurationSection setting, Type type)
    {
        if (!IsPlain(type))
            return ProblemsIn(setting, type);
        if (setting.GetChildren().FirstOrDefault() is { } below)
            return [$"The setting {below.Path} is not known: {setting.Path} is a value."];
        return ValueCheck.Problem(setting, type) is { } problem ? [problem] : [];
    }

    private static IEnumerable<string> KeysIn(string path, Type type)
    {
        if (IsPlain(type))
            return [path];
        return ElementType(type) is { } element
            ? KeysIn(path, element)
            : type.GetProperties().SelectMany(property => KeysIn($"{path}:{property.Name}", property.PropertyType));
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
            // The name of the class says nothing to who wrote the setting.
            return result.Failed
                ? ValidateOptionsResult.Fail(result.Failures.Select(failure => $"{path}:{failure.Replace($"{typeof(TOptions).Name}.", "", StringComparison.Ordinal)}"))
                : result;
        }
    }

    private static Type? ElementType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GetGenericArguments()[0] : null;
}

/// <summary>A section of the configuration and the class that it binds to; no name stands for the root.</summary>
internal sealed record KnownSection(string? Name, Type Options)
{
    public string Path => Name is null ? ConfigurationCheck.Root : $"{ConfigurationCheck.Root}:{Name}";

    /// <summary>The options as the server has them.</summary>
    public object Read(IServiceProvider services)
    {
        // A list is bound by who needs it.
        if (Options.IsGenericType)
            return services.GetRequiredService<IConfiguration>().GetSection(Path).Get(Options) ?? Activator.CreateInstance(Options)!;
        var type = typeof(IOptions<>).MakeGenericType(Options);
        return type.GetProperty(nameof(IOptions<>.Value))!.GetValue(services.GetRequiredService(type))!;
    }
}

/// <summary>A setting that must be mended before the server can start; the message says how.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
