using System.Buffers;
using System.Globalization;
using System.Text;
using Sailfish.LoadTest.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Transports;

/// <summary>
/// NATS's own protocol on TCP, as far as a room goes: it is a subject, its members subscribe, and one of them publishes. Nobody
/// but the publisher numbers its messages, so there can be only one.
/// </summary>
internal sealed class NatsTransport : Transport
{
    /// <summary>Each command is answered, and nobody gets what it publishes: as with a room.</summary>
    private const string Connect = "CONNECT {\"verbose\":true,\"pedantic\":false,\"echo\":false,\"lang\":\"load\",\"version\":\"1\",\"protocol\":1}\r\n";

    /// <summary>The server pings too, and ends who does not answer: the answer goes with the heartbeat.</summary>
    private const string Heartbeat = "PONG\r\nPING\r\n";

    /// <summary>
    /// Bytes that a delivery has beyond the frame that was sent, as with Sailfish: an application puts names, ids and times
    /// into its messages by itself.
    /// </summary>
    private const int AddedBytes = 133;

    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();
    private static readonly byte[] MessageStart = "MSG "u8.ToArray();
    private static readonly byte[] InfoStart = "INFO "u8.ToArray();
    private static readonly byte[] ErrorStart = "-ERR"u8.ToArray();

    private readonly NumberScanner _numberOfMessage = NumberScanner.ClientMsgId();
    private int _accepted;

    internal override int PortOf(ServerPorts ports) => ports.Tcp;

    internal override void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body) => Encoding.ASCII.GetBytes(
        code switch
        {
            FrameCode.Login => Connect,
            FrameCode.Join => string.Create(CultureInfo.InvariantCulture, $"SUB {Subject(RoomOfJoin(body))} 1\r\n"),
            FrameCode.Message => Publish(body),
            FrameCode.Heartbeat => Heartbeat,
            _ => throw new LoadTestException($"NATS: nothing stands for {code}."),
        },
        output);

    internal override int Read(ReadOnlyMemory<byte> received, IFrameSink sink)
    {
        var rest = received.Span;
        while (TryReadLine(rest, out var line, out var payload, out var size))
        {
            Take(line, payload, sink);
            rest = rest[size..];
        }

        return received.Length - rest.Length;
    }

    /// <summary>A line, and the payload that follows it when it is a MSG.</summary>
    private static bool TryReadLine(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> line, out ReadOnlySpan<byte> payload, out int size)
    {
        line = payload = default;
        size = 0;
        var end = input.IndexOf(LineEnd);
        if (end < 0)
            return false;
        line = input[..end];
        size = end + LineEnd.Length;
        if (!line.StartsWith(MessageStart))
            return true;
        var length = NumberScanner.Digits(line[(line.LastIndexOf((byte)' ') + 1)..]);
        if (input.Length < size + length + LineEnd.Length)
            return false;
        payload = input.Slice(size, length);
        size += length + LineEnd.Length;
        return true;
    }

    private void Take(ReadOnlySpan<byte> line, ReadOnlySpan<byte> payload, IFrameSink sink)
    {
        if (line.StartsWith(MessageStart))
            sink.OnFrame(FrameCode.Message, payload);
        else if (line.SequenceEqual("+OK"u8))
            sink.OnFrame(sink.Awaited, sink.Awaited == FrameCode.Receipt ? Receipt() : default);
        else if (line.SequenceEqual("PONG"u8))
            sink.OnFrame(FrameCode.Heartbeat, default);
        else if (line.StartsWith(ErrorStart))
            sink.OnFrame(FrameCode.Error, line);
        else if (!line.StartsWith(InfoStart) && !line.SequenceEqual("PING"u8))
            throw new LoadTestException($"nats-server sent {Encoding.UTF8.GetString(line)}");
    }

    /// <summary>Messages are accepted in the order in which they were published.</summary>
    private byte[] Receipt()
    {
        var number = _accepted++;
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"clientMsgId\":\"{number:D8}\",\"seq\":{number + 1}}}"));
    }

    /// <summary>What the members look for in a MESSAGE, and as many bytes as one has.</summary>
    private string Publish(ReadOnlySpan<byte> body)
    {
        var room = MessageTemplate.RoomOf(body);
        var head = string.Create(CultureInfo.InvariantCulture, $"{{\"conversation\":\"r:{room}\",\"seq\":{_numberOfMessage.Read(body) + 1},\"data\":\"");
        var size = body.Length + AddedBytes;
        return string.Create(CultureInfo.InvariantCulture, $"PUB {Subject(room)} {size}\r\n{head.PadRight(size - 2, 'x')}\"}}\r\n");
    }

    private static string Subject(long room) => string.Create(CultureInfo.InvariantCulture, $"room.{room}");
}
