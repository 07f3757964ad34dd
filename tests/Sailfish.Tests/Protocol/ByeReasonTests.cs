using System.Reflection;
using System.Text.RegularExpressions;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Tests.Protocol;

/// <summary>What the documents say of BYE is what the values know.</summary>
public sealed class ByeReasonTests
{
    private static readonly ByeReason[] All =
        [.. typeof(ByeReason).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(p => (ByeReason)p.GetValue(null)!)];

    [Fact]
    public void The_contract_has_the_same_words_and_says_of_each_whether_to_come_back()
    {
        var contract = File.ReadAllText(SourceTree.PathOf("docs/protocol.md"));
        var table = Regex.Match(contract, "^### BYE words$(.*?)^#", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        var rows = Regex.Matches(table, @"^\| `(\w+)` \|.*\| (true|false)\b[^|]*\|$", RegexOptions.Multiline);
        Assert.Equal(
            All.Select(reason => (reason.Word, reason.Reconnect)).Order(),
            rows.Select(row => (row.Groups[1].Value, row.Groups[2].Value == "true")).Order());
    }

    [Fact]
    public void Operators_are_told_of_each_word()
    {
        var manual = File.ReadAllText(SourceTree.PathOf("docs/operations.md"));
        Assert.All(All, reason => Assert.Contains($"| BYE `{reason.Word}`", manual, StringComparison.Ordinal));
    }
}
