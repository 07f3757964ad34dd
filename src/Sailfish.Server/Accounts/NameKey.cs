using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Sailfish.Server.Accounts;

/// <summary>
/// What two names have in common that are one to a reader: the same letters, whatever their case, width or composition.
/// By a table of our own and not by the machine's Unicode library: keys are stored, and must be the same on every machine
/// and after every update.
/// </summary>
internal static class NameKey
{
    /// <summary>The numbers of Hangul's decomposition, as the Unicode standard names them.</summary>
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, TCount = 28, NCount = 588, SCount = 11172;

    private static readonly FrozenDictionary<char, string> Folding = Load();

    /// <summary>The name's compatibility decomposition with its case folded.</summary>
    public static string Of(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (Folding.TryGetValue(character, out var folded))
                key.Append(folded);
            else if (character is >= (char)SBase and < (char)(SBase + SCount))
                AppendJamo(key, character - SBase);
            else
                key.Append(character);
        }

        return key.ToString();
    }

    private static void AppendJamo(StringBuilder key, int syllable)
    {
        key.Append((char)(LBase + (syllable / NCount))).Append((char)(VBase + (syllable % NCount / TCount)));
        if (syllable % TCount is > 0 and var last)
            key.Append((char)(TBase + last));
    }

    private static FrozenDictionary<char, string> Load()
    {
        using var file = new StreamReader(typeof(NameKey).Assembly.GetManifestResourceStream(typeof(NameKey), "NameFolding.txt")!);
        Dictionary<char, string> folding = [];
        while (file.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                folding.Add(Unit(line[..4]), string.Concat(line[5..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Unit)));
        }

        return folding.ToFrozenDictionary();
    }

    private static char Unit(string hex) => (char)int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
