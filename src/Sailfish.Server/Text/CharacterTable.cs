using System.Globalization;
using System.Reflection;

namespace Sailfish.Server.Text;

/// <summary>
/// What Unicode says of characters beyond their categories, from the tables beside this file: they are in the program,
/// because without ICU the framework's own <c>Normalize</c> changes nothing. Read when first needed, some megabytes.
/// </summary>
internal sealed class CharacterTable
{
    private static readonly Lazy<CharacterTable> TheOne = new(() => new CharacterTable());

    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<(int First, int Second), int> _composed = [];
    private readonly Dictionary<int, int[]> _alike = [];
    private readonly List<(int First, int Last)> _pictures = [];

    private CharacterTable()
    {
        foreach (var line in Lines("characters.txt"))
            Take(line[0], [.. line.Split(' ').Skip(1)]);
        foreach (var line in Lines("confusables.txt"))
        {
            var points = Points(line.Split(' '));
            _alike[points[0]] = points[1..];
        }
    }

    public static CharacterTable Instance => TheOne.Value;

    /// <summary>All that looks like something else by confusables.txt.</summary>
    public IReadOnlyDictionary<int, int[]> Alike => _alike;

    /// <summary>All that decomposes in some way.</summary>
    public IEnumerable<int> Decomposing => _canonical.Keys.Concat(_compatible.Keys);

    /// <summary>The parts of a character, one step down; null when it has none.</summary>
    public int[]? PartsOf(int point, bool alsoCompatible) =>
        _canonical.TryGetValue(point, out var parts) || (alsoCompatible && _compatible.TryGetValue(point, out parts)) ? parts : null;

    /// <summary>Canonical_Combining_Class; 0 for what stands for itself.</summary>
    public byte ClassOf(int point) => _classes.GetValueOrDefault(point);

    /// <summary>The one character that two are; null when there is none.</summary>
    public int? Compose(int first, int second) => _composed.TryGetValue((first, second), out var composed) ? composed : null;

    /// <summary>Extended_Pictographic: what emoji are made of.</summary>
    public bool IsPicture(int point) => _pictures.Exists(range => point >= range.First && point <= range.Last);

    /// <summary>The marks of the lines are explained at the head of the file.</summary>
    private void Take(char kind, string[] fields)
    {
        if (kind == 'm')
        {
            for (int point = Point(fields[0]), last = Point(fields[1]); point <= last; point++)
                _classes[point] = byte.Parse(fields[2], CultureInfo.InvariantCulture);
            return;
        }

        var points = Points(fields);
        if (kind == 'e')
            _pictures.Add((points[0], points[1]));
        else
            (kind == '~' ? _compatible : _canonical)[points[0]] = points[1..];
        if (kind == '=')
            _composed[(points[1], points[2])] = points[0];
    }

    private static IEnumerable<string> Lines(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var resource = assembly.GetManifestResourceNames().Single(n => n.EndsWith($".Tables.{name}", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                yield return line;
        }
    }

    private static int[] Points(string[] fields) => Array.ConvertAll(fields, Point);

    private static int Point(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
