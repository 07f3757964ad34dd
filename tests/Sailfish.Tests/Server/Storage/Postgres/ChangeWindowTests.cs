using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.Tests.Server.Storage.Postgres;

/// <summary>Each look begins where a row that nobody could read before may be, and hands out nothing twice.</summary>
public sealed class ChangeWindowTests
{
    private static readonly DateTime Time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly ChangeWindow _window = new(Time);

    [Fact]
    public void It_begins_a_second_before_the_horizon_of_the_look_before()
    {
        Assert.Equal(At(-1), _window.Since);
        _window.Close(At(10));
        Assert.Equal(At(9), _window.Since);
        // A transaction that began before has begun to write.
        _window.Close(At(7));
        Assert.Equal(At(6), _window.Since);
    }

    [Fact]
    public void What_was_taken_is_not_new_also_when_the_horizon_falls_back()
    {
        _window.Take(Row(1, 0));
        _window.Take(Row(2, 5));
        _window.Close(At(60));
        Assert.False(_window.IsNew(Row(1, 0)));
        Assert.False(_window.IsNew(Row(2, 5)));
        Assert.True(_window.IsNew(Row(3, 5)));
    }

    [Fact]
    public void What_has_failed_is_read_again_until_it_is_taken()
    {
        Assert.True(_window.Fail(Row(2, 5)));
        Assert.True(_window.Fail(Row(1, 3)));
        _window.Close(At(30));
        Assert.Equal(At(3), _window.Since);
        Assert.True(_window.IsNew(Row(1, 3)));
        _window.Take(Row(1, 3));
        // Known to have failed before.
        Assert.False(_window.Fail(Row(2, 5)));
        _window.Close(At(31));
        Assert.Equal(At(5), _window.Since);
        _window.Take(Row(2, 5));
        _window.Close(At(32));
        Assert.Equal(At(31), _window.Since);
    }

    private static DateTime At(int seconds) => Time + TimeSpan.FromSeconds(seconds);

    private static ChangeRow Row(long id, int at) => new(id, At(at), new Change(ChangeKind.Tag, 1, id));
}
