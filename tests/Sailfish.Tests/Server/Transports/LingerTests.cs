using System.IO.Pipelines;
using Sailfish.Server.Transports;

namespace Sailfish.Tests.Server.Transports;

/// <summary>For how long, and for how many bytes, a connection is read on that is about to end.</summary>
public sealed class LingerTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly Pipe _pipe = new();

    [Fact]
    public async Task What_was_under_way_is_read_until_there_is_silence()
    {
        await _pipe.Writer.WriteAsync(new byte[100]);
        Assert.True(await DrainAsync(new Linger(Long, Short, 1000)));
        Assert.False(_pipe.Reader.TryRead(out _));
    }

    [Fact]
    public async Task With_its_time_it_is_over_however_long_a_silence_may_be() => Assert.True(await DrainAsync(new Linger(Short, Long, 1000)));

    [Fact]
    public async Task A_peer_that_leaves_is_waited_for_no_longer()
    {
        var draining = DrainAsync(new Linger(Long, Long, 1000));
        await _pipe.Writer.WriteAsync(new byte[100]);
        await _pipe.Writer.CompleteAsync();
        Assert.True(await draining);
    }

    [Fact]
    public async Task Who_sends_on_and_on_is_told_from_who_does_not()
    {
        var draining = DrainAsync(new Linger(Long, Long, 1000));
        await _pipe.Writer.WriteAsync(new byte[999]);
        Assert.False(draining.IsCompleted);
        await _pipe.Writer.WriteAsync(new byte[1]);
        Assert.False(await draining);
    }

    private Task<bool> DrainAsync(Linger linger) => linger.TryDrainAsync(_pipe.Reader, TimeProvider.System).WaitAsync(Wait.Limit);
}
