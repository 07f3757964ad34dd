using System.Text.RegularExpressions;

namespace Sailfish.Tests;

/// <summary>What is promised of the tests' own sources.</summary>
public sealed partial class TestTreeTests
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

    /// <summary>Words that keep their capitals; the others of a name have none but its first letter.</summary>
    private static readonly HashSet<string> Names =
    [
        "AMF3", "API", "ASCII", "C", "CookieSecure", "FLV", "GET", "HAProxy", "HTTP", "HttpOnly", "JOIN", "JOINs", "JPEG", "JSON", "KD", "KiB", "LEAVE", "LOGIN", "LOGOUT", "Lax", "OBS",
        "NATS", "NOTIFY", "Node", "PEM", "PNG", "PostgreSQL", "README", "RFC", "RFC6455", "SIGTERM", "SYNC", "SYNCs", "Secure", "TLS", "U0000", "UTF8", "Unicode", "VIP", "WAL", "WebSocket",
        "WebSockets", "XForwardedFor", "clientMsgId", "clientMsgIds", "msgId",
    ];

    [Fact]
    public void Integration_tests_stand_in_the_folder_of_their_feature()
    {
        var folders = TestTree.Files("Sailfish.IntegrationTests").Select(file => file.Path.Split('/')[0]).Distinct();
        Assert.DoesNotContain(folders, folder => !Others.ContainsKey(folder) && !IsFolder($"src/Sailfish.Server/{folder}"));
    }

    [Theory]
    [InlineData("Server")]
    [InlineData("Client")]
    [InlineData("Protocol")]
    [InlineData("Media")]
    public void Tests_of_parts_stand_in_the_folder_of_the_part(string project)
    {
        var folders = TestTree.Files("Sailfish.Tests").Select(file => Path.GetDirectoryName(file.Path)!)
            .Where(folder => folder.StartsWith($"{project}/", StringComparison.Ordinal)).Distinct();
        Assert.DoesNotContain(folders, folder => !IsFolder($"src/Sailfish.{folder}"));
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong = TestTree.Files().Where(file => Regex.Match(file.Text, @"^namespace (.+);", RegexOptions.Multiline).Groups[1].Value != Expected(file));
        Assert.Empty(wrong.Select(file => file.Path));
    }

    [Fact]
    public void Names_of_tests_are_sentences_of_words_by_underscores()
    {
        var names = TestTree.Files().SelectMany(file => TestName().Matches(file.Text)).Select(test => test.Groups[1].Value).ToList();
        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, name => !IsSentence(name.Split('_')));
    }

    /// <summary>A time that is hoped to be enough is none on a slower machine.</summary>
    [Fact]
    public void Nothing_sleeps_but_wait_and_pause()
    {
        var sleepers = TestTree.Files().Where(file => Sleep().IsMatch(file.Text)).Select(file => $"{file.Project}/{file.Path}");
        Assert.Equal(["Sailfish.TestKit/Pause.cs", "Sailfish.TestKit/Wait.cs"], sleepers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_pause_has_its_reason_beside_it()
    {
        var wrong = from file in TestTree.Files()
                    let lines = file.Text.Split('\n')
                    from at in Enumerable.Range(1, lines.Length - 1)
                    where PauseCall().IsMatch(lines[at]) && !(lines[at] + lines[at - 1]).Contains("//", StringComparison.Ordinal)
                    select $"{file.Path}:{at + 1}";
        Assert.Empty(wrong);
    }

    /// <summary>Who subscribes by himself may miss what the page does before the browser knows of it.</summary>
    [Fact]
    public void Only_page_calls_hears_what_a_page_calls() =>
        Assert.Equal(["Browser/PageCalls.cs"], TestTree.Files().Where(file => Subscription().IsMatch(file.Text)).Select(file => file.Path));

    [GeneratedRegex(@"\[(?:Fact|Theory)\b.*?\bpublic (?:static )?(?:async )?\w+ (\w+)\(", RegexOptions.Singleline)]
    private static partial Regex TestName();

    [GeneratedRegex("^[A-Z][a-z0-9]*$")]
    private static partial Regex FirstWord();

    [GeneratedRegex("^[a-z0-9]+$")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(Task\.Delay|Thread\.Sleep|WaitForTimeout\w+)\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bPause\.ForAsync\(")]
    private static partial Regex PauseCall();

    [GeneratedRegex(@"\.(Request|Response|RequestFinished|RequestFailed) \+=")]
    private static partial Regex Subscription();

    private static bool IsSentence(string[] words) =>
        words.Length > 1
        && (FirstWord().IsMatch(words[0]) || Names.Contains(words[0]) || Names.Contains(char.ToLowerInvariant(words[0][0]) + words[0][1..]))
        && words[1..].All(word => Word().IsMatch(word) || Names.Contains(word));

    private static bool IsFolder(string path) => Directory.Exists(SourceTree.PathOf(path));

    private static string Expected(TestFile file) => $"{file.Project}/{Path.GetDirectoryName(file.Path)}".TrimEnd('/').Replace('/', '.');
}
