using System.Text.RegularExpressions;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Server;

public sealed class ArchitectureTests
{
    private static readonly SourceLayers Layers = new(
        "src/Sailfish.Server",
        "Program.cs",
        [
            "Text", "Pacing", "Hosting", "Nodes", "Conversations", "Transports", "Telemetry", "Content", "Identity", "Audit", "Events", "Accounts",
            "Sessions", "Rooms", "Messaging", "Living", "Media", "Delivery", "Storage", "Page", "Cluster", "Gateway", "Api", "Commands",
        ]);

    /// <summary>The libraries that stay below certain folders, and which.</summary>
    private static readonly (string Library, string Folder)[] Drivers =
    [
        ("Dapper", "Storage/Sqlite"), ("Microsoft.Data.Sqlite", "Storage/Sqlite"), ("SQLitePCL", "Storage/Sqlite"), ("Npgsql", "Storage/Postgres"), ("Npgsql", "Cluster/Postgres"), ("NATS", "Cluster/Nats"),
        ("Microsoft.IdentityModel", "Identity"), ("SixLabors", "Accounts"), ("OpenTelemetry", "Telemetry"), ("System.CommandLine", "Commands"),
    ];

    [Fact]
    public void Each_folder_of_the_server_has_its_layer() => Layers.AssertEachFolderHasItsLayer();

    [Fact]
    public void A_folder_of_the_server_names_only_layers_below_it() => Layers.AssertFoldersNameOnlyLayersBelow();

    [Theory]
    [InlineData("docs/design.md", @"^\| `([A-Z]\w+)` \|")]
    [InlineData("CONTRIBUTING.md", @"^\d+\. .*")]
    public void The_documents_list_the_layers_in_their_order(string document, string lines)
    {
        var listed = Regex.Matches(File.ReadAllText(SourceTree.PathOf(document)), lines, RegexOptions.Multiline).SelectMany(line => Regex.Matches(line.Value, @"`([A-Z]\w+)`"));
        Assert.Equal(Layers.Folders, listed.Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void A_library_of_one_folder_is_named_in_no_other()
    {
        List<string> wrong = [];
        foreach (var (file, text) in Layers.Sources)
        {
            var used = Drivers.Where(d => text.Contains($"using {d.Library}", StringComparison.Ordinal)).GroupBy(d => d.Library, d => d.Folder);
            wrong.AddRange(used.Where(folders => !folders.Any(folder => file.StartsWith($"{folder}/", StringComparison.Ordinal))).Select(folders => $"{file} uses {folders.Key}"));
        }

        Assert.Empty(wrong);
    }

    /// <summary>What is stamped or ends is looked at on one clock, which another can take the place of.</summary>
    [Fact]
    public void The_clock_of_the_system_is_named_in_one_place() =>
        Assert.Equal(["Nodes/NodesServices.cs"], Layers.Sources.Where(source => source.Text.Contains("TimeProvider.System", StringComparison.Ordinal)).Select(source => source.File));

    [Fact]
    public void The_protocol_stands_on_the_framework_alone()
    {
        var references = typeof(BinaryFrame).Assembly.GetReferencedAssemblies().Select(r => r.Name!).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.StartsWith("System.", name));
        Assert.DoesNotContain("<PackageReference", File.ReadAllText(Path.Combine(SourceTree.Root, "src", "Sailfish.Protocol", "Sailfish.Protocol.csproj")));
    }
}
