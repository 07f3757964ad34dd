using System.Text.RegularExpressions;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Server;

public sealed class ArchitectureTests
{
    /// <summary>From the bottom to the top: a folder may name those before it. So there is no circle.</summary>
    private static readonly string[] Layers =
    [
        "Text", "Pacing", "Hosting", "Conversations", "Transports", "Telemetry", "Content", "Identity", "Audit", "Events", "Accounts",
        "Sessions", "Rooms", "Messaging", "Living", "Delivery", "Storage", "Page", "Gateway", "Api", "Commands",
    ];

    /// <summary>The libraries that stay below one folder, and which.</summary>
    private static readonly (string Library, string Folder)[] Drivers =
    [
        ("Dapper", "Storage/Sqlite"), ("Microsoft.Data.Sqlite", "Storage/Sqlite"), ("SQLitePCL", "Storage/Sqlite"),
        ("Microsoft.IdentityModel", "Identity"), ("SixLabors", "Accounts"), ("OpenTelemetry", "Telemetry"), ("System.CommandLine", "Commands"),
    ];

    private static string Server => Path.Combine(SourceTree.Root, "src", "Sailfish.Server");

    [Fact]
    public void Each_folder_of_the_server_has_its_layer()
    {
        var folders = Directory.GetFiles(Server, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Server, file).Split(Path.DirectorySeparatorChar))
            .Where(path => path.Length > 1).Select(path => path[0]).Distinct().Except(["bin", "obj"]);
        Assert.Equal(Layers.Order(), folders.Order());
    }

    [Fact]
    public void A_folder_of_the_server_names_only_layers_below_it()
    {
        List<string> wrong = [];
        foreach (var (folder, file, text) in Layers.SelectMany(SourceOf))
        {
            var above = Layers[(Array.IndexOf(Layers, folder) + 1)..];
            var named = Regex.Matches(text, @"Sailfish\.Server\.(\w+)|(?<![\w.])(\w+)\.[A-Z]").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value);
            wrong.AddRange(named.Intersect(above).Select(other => $"{file} names {other}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_library_of_one_folder_is_named_in_no_other()
    {
        List<string> wrong = [];
        foreach (var (_, file, text) in Layers.SelectMany(SourceOf))
            wrong.AddRange(Drivers.Where(d => text.Contains($"using {d.Library}", StringComparison.Ordinal) && !file.StartsWith(d.Folder, StringComparison.Ordinal)).Select(d => $"{file} uses {d.Library}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_protocol_stands_on_the_framework_alone()
    {
        var references = typeof(BinaryFrame).Assembly.GetReferencedAssemblies().Select(r => r.Name!).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.StartsWith("System.", name));
        Assert.DoesNotContain("<PackageReference", File.ReadAllText(Path.Combine(SourceTree.Root, "src", "Sailfish.Protocol", "Sailfish.Protocol.csproj")));
    }

    /// <summary>Without what is said in comments and texts.</summary>
    private static IEnumerable<(string Folder, string File, string Text)> SourceOf(string folder) =>
        Directory.GetFiles(Path.Combine(Server, folder), "*.cs", SearchOption.AllDirectories).Select(file =>
            (folder, Path.GetRelativePath(Server, file).Replace('\\', '/'), Regex.Replace(File.ReadAllText(file), @"//.*|""(\\.|[^""\\\n])*""", "")));
}
