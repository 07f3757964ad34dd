using Sailfish.Media;

namespace Sailfish.Tests.Media;

public sealed class ArchitectureTests
{
    private static readonly SourceLayers Layers = new("src/Sailfish.Media", "MediaFormatException.cs", ["Amf", "Flv", "Rtmp"]);

    [Fact]
    public void Each_folder_has_its_layer() => Layers.AssertEachFolderHasItsLayer();

    [Fact]
    public void A_folder_names_only_layers_below_it() => Layers.AssertFoldersNameOnlyLayersBelow();

    [Fact]
    public void The_bytes_of_media_stand_on_the_framework_alone()
    {
        var references = typeof(MediaFormatException).Assembly.GetReferencedAssemblies().Select(r => r.Name!).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.StartsWith("System.", name));
        var project = File.ReadAllText(SourceTree.PathOf("src/Sailfish.Media/Sailfish.Media.csproj"));
        Assert.DoesNotContain("<PackageReference", project);
        Assert.DoesNotContain("<ProjectReference", project);
    }

    /// <summary>Whoever reads a socket or a clock has a test that must wait.</summary>
    [Fact]
    public void Nothing_in_it_reads_a_socket_or_a_clock() =>
        Assert.DoesNotContain(Layers.Sources, source => source.Text.Contains("System.Net", StringComparison.Ordinal) || source.Text.Contains("TimeProvider", StringComparison.Ordinal) || source.Text.Contains("Stopwatch", StringComparison.Ordinal));
}
