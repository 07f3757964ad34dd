using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Sailfish.Server.Hosting;

/// <summary>The settings as the server has them, from whatever source, and no secret among them.</summary>
internal static class EffectiveSettings
{
    private const string None = "(none)";
    private const string Hidden = "(not shown)";

    /// <summary>All, as <c>key = value</c>, in the order of their keys.</summary>
    public static IEnumerable<string> Lines(IServiceProvider services) => Sections(services)
        .SelectMany(section => Of(section.Path, section.Options)).Concat(Logging(services))
        .OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key} = {setting.Value}");

    /// <summary>Those that are not the default.</summary>
    public static IEnumerable<string> Changed(IServiceProvider services) => Sections(services)
        .SelectMany(section => Of(section.Path, section.Options).Except(Of(section.Path, Activator.CreateInstance(section.Options.GetType())!)))
        .Select(setting => $"{setting.Key}={setting.Value}");

    private static IEnumerable<(string Path, object Options)> Sections(IServiceProvider services) =>
        services.GetServices<KnownSection>().Select(section => (section.Path, section.Read(services)));

    private static IEnumerable<(string Key, string Value)> Of(string path, object? value) => value switch
    {
        IList list when list.Count == 0 => [(path, None)],
        IList list => list.Cast<object>().SelectMany((item, i) => Of(string.Create(CultureInfo.InvariantCulture, $"{path}:{i}"), item)),
        null or string or Uri or ValueType => [(path, Text(value))],
        _ => Settable(value).SelectMany(property => IsSecret(property)
            ? [($"{path}:{property.Name}", property.GetValue(value) is null or "" or IList { Count: 0 } ? None : Hidden)]
            : Of($"{path}:{property.Name}", property.GetValue(value))),
    };

    private static IEnumerable<PropertyInfo> Settable(object options) => options.GetType().GetProperties().Where(p => p.CanWrite);

    private static string Text(object? value) => value switch
    {
        null or "" => None,
        bool flag => flag ? "true" : "false",
        // An address may carry a name and a password.
        Uri { UserInfo.Length: > 0 } address => address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static bool IsSecret(PropertyInfo property) =>
        property.IsDefined(typeof(SecretAttribute));

    private static IEnumerable<(string Key, string Value)> Logging(IServiceProvider services) =>
        services.GetRequiredService<IConfiguration>().GetSection("Logging").AsEnumerable()
            .Where(setting => setting.Value is not null).Select(setting => (setting.Key, setting.Value!));
}
