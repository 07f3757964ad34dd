using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Sailfish.LoadTest.Harness;

/// <summary>Makes options whose values are checked, with an error that names the bounds.</summary>
internal static class CheckedOption
{
    /// <summary>Connections that one process drives: the local ports of one address do not carry many more.</summary>
    internal const int MaxConnections = 18_000;

    /// <summary>What a message's content may be at most, and its frame with it (docs/protocol.md, section 2).</summary>
    internal const int MaxFrame = 4000;

    /// <summary>Any period: a day.</summary>
    internal const int MaxSeconds = 86_400;

    internal static Option<T> Number<T>(string name, string description, T standard, T min, T max)
        where T : INumber<T>
    {
        var option = new Option<T>(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description}; {min} to {max}"),
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is var value && (value < min || value > max))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {value}: {min} to {max} is meant."));
        });
        return option;
    }

    internal static Option<int> Seconds(int standard) => Number("--seconds", "Measured period", standard, 1, MaxSeconds);

    internal static Option<int> WarmUp(int standard = 3) => Number("--warm-up", "Seconds of load before it", standard, 0, MaxSeconds);

    internal static Option<int> Frame(int standard = 128) =>
        Number("--frame", "Bytes of the frame that a sender sends", standard, 110, MaxFrame);
}
