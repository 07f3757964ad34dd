using System.Buffers;
using System.Runtime.InteropServices;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Gateway;

namespace Sailfish.Tests.Server.Gateway;

public sealed class WebSocketMessageTests
{
    [Fact]
    public void A_frame_that_comes_byte_by_byte_is_put_together_and_not_copied_with_each()
    {
        using var message = new WebSocketMessage();
        var places = new HashSet<byte[]>();
        for (var i = 0; i < 60_000; i++)
        {
            Add(message, (byte)i);
            var joined = message.JoinCarried();
            Assert.Equal(i + 1, joined.Length);
            Assert.True(MemoryMarshal.TryGetArray(joined.First, out var place));
            places.Add(place.Array!);
            message.Carry(joined);
        }

        Add(message, 7);
        var all = message.JoinCarried();
        Assert.Equal([.. Enumerable.Range(0, 60_000).Select(i => (byte)i), 7], all.ToArray());

        // Some were given back and rented again: it moves when it has doubled.
        Assert.InRange(places.Count, 1, 20);

        // What was read is forgotten.
        message.Carry(all.Slice(59_999));
        Assert.Equal(2, message.JoinCarried().Length);
    }

    private static void Add(WebSocketMessage message, byte value) =>
        message.Add(new WebSocketFrameHeader(Fin: true, WebSocketOpcode.Binary, 1, MaskKey: 0, Size: 6), new ReadOnlySequence<byte>([value]));
}
