using Microsoft.Extensions.Configuration;
using Sailfish.Server.Hosting;

namespace Sailfish.Tests.Server.Hosting;

public sealed class ConfigurationCheckTests
{
    private static readonly KnownSection[] Sections = [new(null, typeof(Root)), new("Part", typeof(Part)), new("Apps", typeof(List<Item>))];

    [Theory]
    [InlineData("Sailfish:Folder")]
    [InlineData("sailfish:folder")]
    [InlineData("Sailfish:Part:Count")]
    [InlineData("Sailfish:part:COUNT")]
    [InlineData("Sailfish:Part:Words:0")]
    [InlineData("Sailfish:Part:Words:17")]
    [InlineData("Sailfish:Part:Inner:Depth")]
    [InlineData("Sailfish:Apps:0:Name")]
    [InlineData("Other:Thing")]
    public void A_known_key_passes(string key)
    {
        Assert.Empty(Unknown(key));
    }

    [Theory]
    [InlineData("Sailfish:Foldr", "Folder, Part")]
    [InlineData("Sailfish:Part:Cuont", "Count, Inner, Words")]
    [InlineData("Sailfish:Part:Inner:Dpeth", "Depth")]
    [InlineData("Sailfish:Apps:0:Nmae", "Name")]
    [InlineData("Sailfish:Nothing:Deep:Below", "Folder, Part")]
    public void An_unknown_key_is_named_with_its_neighbours(string key, string neighbours)
    {
        var problem = Assert.Single(Unknown(key));
        Assert.Contains(neighbours, problem);
        Assert.Contains(string.Join(':', key.Split(':').Take(problem.Contains("Nothing", StringComparison.Ordinal) ? 2 : 99)), problem);
    }

    private static List<string> Unknown(string key) =>
        [.. ConfigurationCheck.Problems(
            new ConfigurationBuilder().AddInMemoryCollection([new(key, "1")]).Build().GetSection(ConfigurationCheck.Root), Sections)];

    private sealed class Root
    {
        public string Folder { get; set; } = "";
    }

    private sealed class Part
    {
        public int? Count { get; set; }

        public List<string> Words { get; set; } = [];

        public Inner? Inner { get; set; }
    }

    private sealed class Inner
    {
        public int Depth { get; set; }
    }

    private sealed class Item
    {
        public string Name { get; set; } = "";
    }
}
