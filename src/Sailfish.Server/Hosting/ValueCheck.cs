using System.ComponentModel;
using System.Globalization;

namespace Sailfish.Server.Hosting;

/// <summary>Whether a setting's text can become its type, by the same rules as the framework's binding.</summary>
internal static class ValueCheck
{
    /// <summary>A sentence when it cannot; null when it can, or nothing is set.</summary>
    public static string? Problem(IConfigurationSection setting, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (setting.Value is not { } value || plain == typeof(string) || (value.Length == 0 && plain != type))
            return null;
        return CanBe(plain, value) ? null : $"{setting.Path}: '{value}' is {Wrong(plain)}.";
    }

    private static bool CanBe(Type type, string value)
    {
        try
        {
            var result = TypeDescriptor.GetConverter(type).ConvertFrom(null, CultureInfo.InvariantCulture, value);
            return !type.IsEnum || Enum.IsDefined(type, result!);
        }
#pragma warning disable CA1031 // converters throw whatever they like, also plain exceptions
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static string Wrong(Type type)
    {
        if (type.IsEnum)
            return $"none of {string.Join(", ", Enum.GetNames(type))}";
        if (type == typeof(bool))
            return "neither true nor false";
        return type == typeof(Uri) ? "no address" : "no whole number in range";
    }
}
