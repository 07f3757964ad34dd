namespace Sailfish.Server.Accounts;

/// <summary>
/// What two names have in common that are one: the same letters, whatever their case or width. By rules that are the same
/// on every machine, because keys are stored: the framework's invariant case mapping, and the distance of the full-width
/// forms.
/// </summary>
internal static class NameKey
{
    /// <summary>The full-width forms of the visible ASCII characters, U+FF01 to U+FF5E, lie this far above them.</summary>
    private const int FullWidthDistance = 0xFEE0;

    public static string Of(string name) => string.Create(name.Length, name, static (key, name) =>
    {
        for (var i = 0; i < key.Length; i++)
            key[i] = Fold(name[i]);
    });

    /// <summary>Up and then down: some letters, as the two small sigmas, have only their capital in common.</summary>
    private static char Fold(char c)
    {
        var narrow = c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - FullWidthDistance) : c;
        return char.ToLowerInvariant(char.ToUpperInvariant(narrow));
    }
}
