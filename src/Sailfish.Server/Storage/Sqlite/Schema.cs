using System.Globalization;
using System.Reflection;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>The numbered changes that make a database what this program works with.</summary>
internal static class Schema
{
    private const string Folder = ".Storage.Sqlite.Migrations.";

    /// <summary>In the order in which they are made.</summary>
    public static IReadOnlyList<(long Number, string Sql)> Migrations { get; } = [.. Read()];

    public static long Version => Migrations[^1].Number;

    /// <summary>What a newer program has changed, this one would write to as if it had not.</summary>
    public static void RefuseNewer(string path, IEnumerable<long> done)
    {
        var unknown = done.Except(Migrations.Select(m => m.Number)).DefaultIfEmpty().Max();
        if (unknown != 0)
            throw new ConfigurationException($"The database {path} was written by a newer version (migration {unknown}, this one knows {Version}).");
    }

    private static IEnumerable<(long Number, string Sql)> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var file = name.Split('.')[^2];
            yield return (long.Parse(file.Split('_')[0], CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
    }
}
