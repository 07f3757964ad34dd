using System.Text.RegularExpressions;

namespace Sailfish.Tests;

/// <summary>What is promised of the tests' own sources.</summary>
public sealed class TestTreeTests
{
    /// <summary>Folders of the integration tests that are none of the server's, each with its reason.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["Browser"] = "the page in Chromium",
        ["Cli"] = "the command line tool",
        ["Client"] = "the .NET client against a real server",
        ["Conformance"] = "what each store promises, and each bus",
        ["Documents"] = "what the documents tell people to run",
        ["Harness"] = "what tests share",
    };

    [Fact]
    public void Integration_tests_stand_in_the_folder_of_their_feature()
    {
        var folders = TestTree.Files("Sailfish.IntegrationTests").Select(file => file.Path.Split('/')[0]).Distinct();
        Assert.Empty(folders.Where(folder => !Others.ContainsKey(folder) && !IsFolder($"src/Sailfish.Server/{folder}")));
    }

    [Theory]
    [InlineData("Server")]
    [InlineData("Client")]
    [InlineData("Protocol")]
    public void Tests_of_parts_stand_in_the_folder_of_the_part(string project)
    {
        var folders = TestTree.Files("Sailfish.Tests").Select(file => Path.GetDirectoryName(file.Path)!)
            .Where(folder => folder.StartsWith($"{project}/", StringComparison.Ordinal)).Distinct();
        Assert.Empty(folders.Where(folder => !IsFolder($"src/Sailfish.{folder}")));
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong = TestTree.Files().Where(file => Regex.Match(file.Text, @"^namespace (.+);", RegexOptions.Multiline).Groups[1].Value != Expected(file));
        Assert.Empty(wrong.Select(file => file.Path));
    }

    private static bool IsFolder(string path) => Directory.Exists(SourceTree.PathOf(path));

    private static string Expected(TestFile file) => $"{file.Project}/{Path.GetDirectoryName(file.Path)}".TrimEnd('/').Replace('/', '.');
}
