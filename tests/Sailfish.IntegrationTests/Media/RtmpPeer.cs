using System.Buffers.Binary;
using System.Text;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Media;

/// <summary>As little of an encoder as asks to publish: within a millisecond, where a real one takes the tenth of a second that it needs to start.</summary>
internal sealed class RtmpPeer : IAsyncDisposable
{
    private const int HandshakeBytes = 1536;
    private const byte NumberMark = 0;
    private const byte TextMark = 2;
    private const byte ObjectMark = 3;
    private const byte NullMark = 5;
    private const byte ObjectEnd = 9;
    private readonly RawSocket _socket;

    private RtmpPeer(RawSocket socket) => _socket = socket;

    /// <summary>Comes as far as connect.</summary>
    public static async Task<RtmpPeer> ConnectAsync(ServerProcess server)
    {
        var peer = new RtmpPeer(await RawSocket.ConnectAsync(server.RtmpPort));
        await peer._socket.SendAsync([3, .. new byte[2 * HandshakeBytes]]);
        await peer.SendAsync([.. Text("connect"), .. Number(1), ObjectMark, .. Name("app"), .. Text("live"), 0, 0, ObjectEnd]);
        return peer;
    }

    /// <summary>Asks to publish; all that the server says, which is to refuse it and close.</summary>
    public async Task<string> AskAsync(string stream)
    {
        await SendAsync([.. Text("publish"), .. Number(2), NullMark, .. Text(stream)]);
        return Encoding.Latin1.GetString(await _socket.ReadToEndAsync());
    }

    public ValueTask DisposeAsync() => _socket.DisposeAsync();

    /// <summary>A command of one chunk: at most 128 bytes.</summary>
    private Task SendAsync(byte[] command)
    {
        Assert.InRange(command.Length, 1, 128);
        return _socket.SendAsync([3, 0, 0, 0, 0, 0, (byte)command.Length, 20, 0, 0, 0, 0, .. command]);
    }

    private static byte[] Name(string text) => [0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Text(string text) => [TextMark, .. Name(text)];

    private static byte[] Number(double number)
    {
        var bytes = new byte[1 + sizeof(double)];
        bytes[0] = NumberMark;
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(1), number);
        return bytes;
    }
}
