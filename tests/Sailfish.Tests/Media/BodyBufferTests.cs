using System.Buffers;
using Sailfish.Media;

namespace Sailfish.Tests.Media;

public sealed class BodyBufferTests
{
    [Fact]
    public void Memory_grows_with_what_came_and_not_with_what_was_declared()
    {
        var body = new BodyBuffer();
        body.Begin(4_000_000);
        Assert.Equal(0, body.Capacity);
        for (var came = 100; came <= 100_000; came += 100)
        {
            var growth = body.GrowthFor(100);
            var before = body.Capacity;
            body.Add(new ReadOnlySequence<byte>(new byte[100]));
            Assert.Equal(before + growth, body.Capacity);
            Assert.InRange(body.Capacity, came, Math.Max(1024, 2 * came));
            Assert.Equal(4_000_000 - came, body.Missing);
        }
    }

    [Fact]
    public void Memory_is_never_longer_than_the_body()
    {
        var body = new BodyBuffer();
        body.Begin(1500);
        body.Add(new ReadOnlySequence<byte>(new byte[1400]));
        body.Add(new ReadOnlySequence<byte>(new byte[100]));
        Assert.Equal(1500, body.Capacity);
        Assert.Equal(new byte[1500], body.Take());
    }

    [Fact]
    public void Body_in_one_piece_needs_no_memory_to_wait_in()
    {
        var body = new BodyBuffer();
        body.Begin(3);
        Assert.Equal(0, body.GrowthFor(3));
        body.Add(new ReadOnlySequence<byte>([1, 2, 3]));
        Assert.Equal(0, body.Missing);
        Assert.Equal([1, 2, 3], body.Take());
        Assert.Equal(0, body.Capacity);
    }

    [Fact]
    public void Bodies_do_not_share_memory()
    {
        var body = new BodyBuffer();
        body.Begin(2);
        body.Add(new ReadOnlySequence<byte>([1]));
        body.Add(new ReadOnlySequence<byte>([2]));
        var first = body.Take();
        body.Begin(2);
        body.Add(new ReadOnlySequence<byte>([3]));
        body.Add(new ReadOnlySequence<byte>([4]));
        Assert.Equal([3, 4], body.Take());
        Assert.Equal([1, 2], first);
    }

    [Fact]
    public void Body_of_nothing_is_whole_at_once()
    {
        var body = new BodyBuffer();
        body.Begin(0);
        Assert.Equal(0, body.Missing);
        Assert.Empty(body.Take());
    }
}
