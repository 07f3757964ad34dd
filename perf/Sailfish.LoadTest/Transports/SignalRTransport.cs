using System.Buffers;
using System.Globalization;
using System.Text;
using Sailfish.LoadTest.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.LoadTest.Transports;

/// <summary>
/// The JSON hub protocol of SignalR on a WebSocket, as far as the hub of Sailfish.Peers goes: what a session says in frames
/// is said in invocations, so that the same scenarios run against both.
/// </summary>
internal sealed class SignalRTransport : WebSocketTransport
{
    private const byte RecordEnd = 0x1E;

    private static readonly byte[] MessageStart = "{\"type\":1,"u8.ToArray();
    private static readonly byte[] CompletionStart = "{\"type\":3,"u8.ToArray();
    private static readonly byte[] Joined = "\"invocationId\":\"join\""u8.ToArray();
    private static readonly byte[] Failed = "\"error\":"u8.ToArray();
    private static readonly byte[] Ping = "{\"type\":6}"u8.ToArray();
    private static readonly byte[] HandshakeAnswer = "{}"u8.ToArray();
    private static readonly byte[] DataMark = "\"data\":"u8.ToArray();

    internal SignalRTransport()
        : base(WebSocketOpcode.Text)
    {
    }

    /// <summary>Both sides ping when they like, and nobody answers.</summary>
    internal override bool AnswersHeartbeats => false;

    internal override void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        var record = code switch
        {
            FrameCode.Login => "{\"protocol\":\"json\",\"version\":1}",
            FrameCode.Join => Join(body),
            FrameCode.Message => Send(body),
            FrameCode.Heartbeat => "{\"type\":6}",
            _ => throw new LoadTestException($"SignalR: nothing stands for {code}."),
        };
        WriteMessage(output, [.. Encoding.UTF8.GetBytes(record), RecordEnd]);
    }

    protected override string Path(string token, long userId) => "/hub";

    protected override void ReadMessage(ReadOnlyMemory<byte> payload, IFrameSink sink)
    {
        // A message may hold several records, never a part of one.
        var rest = payload.Span;
        for (var end = rest.IndexOf(RecordEnd); end >= 0; end = rest.IndexOf(RecordEnd))
        {
            ReadRecord(rest[..end], sink);
            rest = rest[(end + 1)..];
        }
    }

    private static void ReadRecord(ReadOnlySpan<byte> record, IFrameSink sink)
    {
        if (record.StartsWith(MessageStart))
            sink.OnFrame(FrameCode.Message, record);
        else if (record.StartsWith(CompletionStart) && record.IndexOf(Failed) < 0)
            sink.OnFrame(record.IndexOf(Joined) >= 0 ? FrameCode.Join : FrameCode.Receipt, record);
        else if (record.SequenceEqual(Ping))
            sink.OnFrame(FrameCode.Heartbeat, record);
        else if (record.SequenceEqual(HandshakeAnswer))
            sink.OnFrame(FrameCode.Login, record);
        else
            throw new LoadTestException($"The hub sent {Encoding.UTF8.GetString(record)}");
    }

    private static string Join(ReadOnlySpan<byte> body) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"type\":1,\"invocationId\":\"join\",\"target\":\"Join\",\"arguments\":[{RoomOfJoin(body)}]}}");

    /// <summary>Takes apart what <see cref="MessageTemplate"/> puts together.</summary>
    private static string Send(ReadOnlySpan<byte> body)
    {
        var room = MessageTemplate.RoomOf(body);
        var id = NumberScanner.ClientMsgId().Read(body).ToString("D8", CultureInfo.InvariantCulture);
        var data = Encoding.UTF8.GetString(body[(body.IndexOf(DataMark) + DataMark.Length)..^1]);
        return string.Create(
            CultureInfo.InvariantCulture, $"{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"Send\",\"arguments\":[{room},\"{id}\",{data}]}}");
    }
}
