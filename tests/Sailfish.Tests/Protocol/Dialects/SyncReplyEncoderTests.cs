using System.Buffers;
using System.Text.Json;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Protocol.Dialects;

public sealed class SyncReplyEncoderTests
{
    private static readonly Dictionary<string, long> None = [];

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void Messages_come_back_as_they_were_with_the_receiver(int count, bool more)
    {
        var messages = Enumerable.Range(1, count).Select(Message).ToList();
        var reply = Read(SyncReplyEncoder.Encode(Dialect.Binary, Ids.Max, Encoded(messages), more, None));
        Assert.Equal(messages.Select(m => m with { UserId = Ids.Max }), reply.Messages);
        Assert.Equal(more, reply.More);
        Assert.Null(reply.Truncated);
        Assert.Null(reply.FirstSeq);
    }

    [Fact]
    public void First_seqs_say_that_history_is_truncated()
    {
        var reply = Read(SyncReplyEncoder.Encode(Dialect.Binary, 10_001, Encoded([Message(1)]), more: false, new Dictionary<string, long> { ["r:1"] = 7, ["d:10001:10002"] = 1 }));
        Assert.True(reply.Truncated);
        Assert.Equal([("d:10001:10002", 1L), ("r:1", 7L)], reply.FirstSeq!.Select(f => (f.Key, f.Value)).Order());
        Assert.Single(reply.Messages);
    }

    [Fact]
    public void Length_of_a_message_is_what_it_adds()
    {
        var messages = Encoded([Message(1), Message(20)]);
        var one = SyncReplyEncoder.Encode(Dialect.Binary, 10_001, messages[..1], more: false, None).Length;
        var both = SyncReplyEncoder.Encode(Dialect.Binary, 10_001, messages, more: false, None).Length;
        Assert.Equal(SyncReplyEncoder.LengthOf(messages[1]), both - one);
    }

    [Fact]
    public void Encoded_messages_are_not_changed()
    {
        var messages = Encoded([Message(1)]);
        var before = messages[0].Bytes.ToArray();
        SyncReplyEncoder.Encode(Dialect.Binary, 10_001, messages, more: false, None);
        Assert.Equal(before, messages[0].Bytes);
    }

    [Fact]
    public void Other_dialects_wrap_the_same_body()
    {
        var messages = Encoded([Message(1)]);
        var body = SyncReplyEncoder.Encode(Dialect.Binary, 10_001, messages, more: true, None)[BinaryFrame.HeaderSize..].ToArray();
        var frame = new ArrayBufferWriter<byte>();
        foreach (var dialect in Enum.GetValues<Dialect>())
        {
            frame.ResetWrittenCount();
            FrameEncoder.Write(frame, dialect, FrameCode.Sync, body);
            Assert.Equal(frame.WrittenSpan, SyncReplyEncoder.Encode(dialect, 10_001, messages, more: true, None));
        }
    }

    private static MessageBody Message(int seq) => new()
    {
        AppId = 10_001,
        BizCode = BizCodes.Chat,
        Data = JsonSerializer.Serialize(new { content = new string('"', seq) + "Привет 😀" }),
        MsgId = $"1-{seq}",
        Conversation = "r:1",
        Seq = seq,
        Time = 1_750_000_000_123,
    };

    private static List<EncodedMessage> Encoded(IEnumerable<MessageBody> messages) =>
        [.. messages.Select(m => MessageEncoder.Encode(m, Dialect.Binary, protocol: 2))];

    private static SyncReply Read(ReadOnlySpan<byte> bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes.ToArray());
        Assert.Equal(FrameReadStatus.Frame, BinaryFrame.TryRead(ref buffer, BinaryFrame.DefaultMaxBody, out var frame));
        Assert.Equal(FrameCode.Sync, frame.Code);
        Assert.True(buffer.IsEmpty);
        Assert.True(BodyJson.TryRead(frame.Body, BodyJson.Wire.SyncReply, out var reply));
        return reply;
    }
}
