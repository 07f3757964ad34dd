using Sailfish.Server.Text;

namespace Sailfish.Server.Accounts;

/// <summary>
/// What two names have in common that are one: the same letters, whatever their case or width, composed or with their marks
/// apart. By rules that are the same on every machine, because keys are stored: the framework's invariant case mapping,
/// the distance of the full-width forms, and Normalization Form C.
/// </summary>
internal static class NameKey
{
    /// <summary>The full-width forms of the visible ASCII characters, U+FF01 to U+FF5E, lie this far above them.</summary>
    private const int FullWidthDistance = 0xFEE0;

    public static string Of(string name)
    {
        var folded = Normalization.ToNfc(CodePoints.Of(name)).ConvertAll(Fold);
        // Again: a letter in its other case may compose with the mark behind it.
        return CodePoints.ToText(Normalization.ToNfc(folded));
    }

    /// <summary>Up and then down: some letters, as the two small sigmas, have only their capital in common.</summary>
    private static int Fold(int point)
    {
        var narrow = point is >= 0xFF01 and <= 0xFF5E ? point - FullWidthDistance : point;
        return CodePoints.ToLower(CodePoints.ToUpper(narrow));
    }
}
