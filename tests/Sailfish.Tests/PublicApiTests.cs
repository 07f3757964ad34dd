using PublicApiGenerator;
using Sailfish.Client;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests;

/// <summary>
/// What others compile against changes on purpose alone. After such a change put the file that the test names in the place
/// of the one beside this class, and say in CHANGELOG.md what changed.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData(typeof(SailfishClient))]
    [InlineData(typeof(FrameCode))]
    public void Public_API_is_the_one_that_was_agreed(Type ofAssembly)
    {
        var name = ofAssembly.Assembly.GetName().Name;
        var now = ofAssembly.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");
        var made = Path.Combine(AppContext.BaseDirectory, $"{name}.txt");
        File.WriteAllText(made, now);
        var agreed = SourceTree.PathOf($"tests/Sailfish.Tests/PublicApi/{name}.txt");
        Assert.True(File.Exists(agreed) && File.ReadAllText(agreed).ReplaceLineEndings("\n") == now, $"The public API of {name} has changed: compare {made} with {agreed}.");
    }
}
