namespace Sailfish.Tests.Client;

public sealed class ArchitectureTests
{
    private static readonly SourceLayers Layers = new("src/Sailfish.Client", "SailfishClient.cs", ["Events", "Transports", "Receiving", "Sending", "Connection"]);

    [Fact]
    public void Each_folder_of_the_client_has_its_layer() => Layers.AssertEachFolderHasItsLayer();

    [Fact]
    public void A_folder_of_the_client_names_only_layers_below_it() => Layers.AssertFoldersNameOnlyLayersBelow();
}
