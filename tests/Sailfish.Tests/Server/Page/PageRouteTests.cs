using System.Text.RegularExpressions;

namespace Sailfish.Tests.Server.Page;

public sealed partial class PageRouteTests
{
    /// <summary>On those that it lists, it tries foreign origins and broken bodies.</summary>
    [Fact]
    public void Every_call_of_the_page_is_tried_with_what_it_refuses()
    {
        var calls = Directory.GetFiles(SourceTree.PathOf("src/Sailfish.Server/Page"), "*.cs").SelectMany(file => Call().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value);
        var tests = Assert.Single(Directory.GetFiles(SourceTree.PathOf("tests/Sailfish.IntegrationTests"), "PageRequestTests.cs", SearchOption.AllDirectories));
        var listed = Text().Matches(List().Match(File.ReadAllText(tests)).Value).Select(m => m.Groups[1].Value);
        Assert.Equal(calls.Order(), listed.Order());
    }

    [GeneratedRegex("\\.MapPost\\(\"([^\"]+)\"")]
    private static partial Regex Call();

    [GeneratedRegex(@"TheoryData<string> Posts =>\s*\[[^\]]*\]")]
    private static partial Regex List();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Text();
}
