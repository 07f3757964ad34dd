namespace Sailfish.Tests.LoadTest;

public sealed class ArchitectureTests
{
    private static readonly SourceLayers Layers = new(
        "perf/Sailfish.LoadTest", "Program.cs", ["Bodies", "Net", "Diagnostics", "Transports", "Results", "Harness", "Video", "Scenarios"]);

    [Fact]
    public void Each_folder_of_the_load_test_has_its_layer() => Layers.AssertEachFolderHasItsLayer();

    [Fact]
    public void A_folder_of_the_load_test_names_only_layers_below_it() => Layers.AssertFoldersNameOnlyLayersBelow();
}
