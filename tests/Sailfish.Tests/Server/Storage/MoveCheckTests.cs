using System.Data;
using Sailfish.Server.Storage;

namespace Sailfish.Tests.Server.Storage;

public sealed class MoveCheckTests
{
    [Fact]
    public void The_same_conversations_pass()
    {
        using var source = Rows([1, 3, 2, 3], [2, 0, 0, 0]);
        using var target = Rows([1, 3, 2, 3], [2, 0, 0, 0]);
        MoveCheck.Compare(source, target);
        MoveCheck.Compare("message", 3, 3);
    }

    [Theory]
    [InlineData("Target: number 2, last seq 4", new long[] { 2, 4, 5, 5 })]
    [InlineData("Target: number 2, last seq 5, 4 messages", new long[] { 2, 5, 4, 5 })]
    [InlineData("4 messages up to seq 4", new long[] { 2, 5, 4, 4 })]
    [InlineData("Target: number 3", new long[] { 3, 5, 5, 5 })]
    [InlineData("Target: none", new long[0])]
    public void A_difference_is_named(string named, long[] other)
    {
        using var source = Rows([1, 3, 3, 3], [2, 5, 5, 5]);
        using var target = other.Length == 0 ? Rows([1, 3, 3, 3]) : Rows([1, 3, 3, 3], other);
        var problem = Assert.Throws<InvalidDataException>(() => MoveCheck.Compare(source, target));
        Assert.Contains("Source: number 2, last seq 5, 5 messages up to seq 5.", problem.Message);
        Assert.Contains(named, problem.Message);
    }

    [Fact]
    public void What_the_target_has_beyond_it_is_a_difference_too()
    {
        using var source = Rows();
        using var target = Rows([1, 3, 3, 3]);
        Assert.Contains("Source: none.", Assert.Throws<InvalidDataException>(() => MoveCheck.Compare(source, target)).Message);
        Assert.Contains("position has 2 rows in the source, and 3", Assert.Throws<InvalidDataException>(() => MoveCheck.Compare("position", 2, 3)).Message);
    }

    private static DataTableReader Rows(params long[][] rows)
    {
        using var table = new DataTable();
        foreach (var name in new[] { "id", "last_seq", "messages", "newest" })
            table.Columns.Add(name, typeof(long));
        foreach (var row in rows)
            table.Rows.Add([.. row.Cast<object>()]);
        return table.CreateDataReader();
    }
}
