using System.Buffers.Binary;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;

namespace Sailfish.Tests.Server.Cluster.Frames;

/// <summary>Nodes of two versions speak with each other: these bytes do not change.</summary>
public sealed class FrameTests
{
    [Fact]
    public void A_message_has_these_bytes()
    {
        var message = new StoredMessage
        {
            Conversation = ConversationKey.Direct(2, 10001, 10002),
            ConversationId = 3,
            Seq = 4,
            SenderId = 10002,
            BizCode = 5555,
            Data = "é",
            Time = 5,
        };
        Assert.Equal(
            "F5010100" + "0000000000000005" + "0000000000000009" + "0001"
            + "0000000000000003" + "0000000000000002" + "00" + "0000000000002711" + "0000000000002712"
            + "01" + "0000000000000004" + "0000000000002712" + "000015B3" + "0000000000000005" + "00000002" + "C3A9",
            Convert.ToHexString(FrameSamples.Frame(link: 9, items: new MessageItem(message, Closes: true))));
    }

    [Fact]
    public void Places_have_these_bytes() =>
        Assert.Equal(
            "F5010200" + "0000000000000005" + "0000000000000001" + "0001"
            + "0000000000000003" + "0000000000000001" + "01" + "0000000000000007" + "0000000000000000" + "00" + "0000000000000004" + "0002",
            Convert.ToHexString(FrameSamples.Frame(new PlaceItem(3, ConversationKey.Room(1, 7), 4, 2, Closes: false))));

    [Fact]
    public void Controls_have_these_bytes() =>
        Assert.Equal(
            "F5010301" + "0000000000000005" + "0000000000000001" + "0002"
            + "01" + "0000000E" + "0000000000000009" + "00000002" + "6279"
            + "03" + "00000008" + "000000000000000A",
            Convert.ToHexString(FrameSamples.Frame<ControlItem>(1, FrameFlags.ToAll, items: [new ControlItem.CloseConnection(9, "by"), new ControlItem.Changed(10)])));

    [Fact]
    public void A_heartbeat_has_these_bytes() =>
        Assert.Equal(
            "F5010403" + "0000000000000005" + "0000000000000002" + "0001" + "0000000000000006" + "0000000000000007",
            Convert.ToHexString(FrameSamples.Frame(2, FrameFlags.ToAll | FrameFlags.DatabaseOk, items: new LinkCount(6, 7))));

    [Fact]
    public void Questions_and_answers_have_these_bytes()
    {
        Assert.Equal(
            "F5010500" + "0000000000000005" + "0000000000000001" + "0001" + "0000000000000008" + "00000001" + "3F",
            Convert.ToHexString(FrameSamples.Frame(new CallItem(8, "?"u8.ToArray()))));
        Assert.Equal(
            "F5010600" + "0000000000000005" + "0000000000000001" + "0001" + "0000000000000008" + "01" + "00000000",
            Convert.ToHexString(FrameSamples.Frame(new AnswerItem(8, IsFailed: true, default))));
    }

    [Fact]
    public void Every_kind_comes_back_as_written()
    {
        Assert.Equal(FrameSamples.Controls, FrameSamples.Read<ControlItem>(FrameSamples.Frame(FrameSamples.Controls)));
        var place = new PlaceItem(7, ConversationKey.Direct(1, 10001, 10002), long.MaxValue - ushort.MaxValue, ushort.MaxValue, Closes: true);
        Assert.Equal([place], FrameSamples.Read<PlaceItem>(FrameSamples.Frame(place)));
        var message = FrameSamples.Message(closes: true);
        Assert.Equal(FrameSamples.Describe(message), FrameSamples.Describe(FrameSamples.Read<MessageItem>(FrameSamples.Frame(message)).Single()));
    }

    [Fact]
    public void Every_prefix_of_a_frame_is_refused()
    {
        foreach (var frame in FrameSamples.All)
        {
            for (var length = 0; length < frame.Length; length++)
            {
                var expected = length < FrameHeader.Size ? FrameFault.TooShort : FrameFault.Truncated;
                Assert.EndsWith(expected.ToString(), FrameSamples.Describe(frame.AsSpan(0, length)));
            }
        }
    }

    [Fact]
    public void What_stands_behind_the_last_item_is_skipped()
    {
        foreach (var frame in FrameSamples.All)
            Assert.Equal(FrameSamples.Describe(frame), FrameSamples.Describe([.. frame, 1, 2, 3]));
    }

    [Fact]
    public void A_kind_that_is_not_known_is_a_frame_all_the_same()
    {
        var frame = FrameSamples.Frame(new LinkCount(1, 1));
        frame[2] = 99;
        Assert.Equal(FrameFault.None, FrameReader.ReadHeader(frame, out var header));
        Assert.Equal((FrameKind)99, header.Kind);
    }

    [Fact]
    public void A_control_that_is_not_known_is_skipped_and_those_behind_it_are_read()
    {
        var frame = FrameSamples.Frame<ControlItem>(new ControlItem.CloseConnection(3, "by"), new ControlItem.Changed(4));
        frame[FrameHeader.Size] = 99;
        Assert.Equal([ControlItem.Unknown.Instance, new ControlItem.Changed(4)], FrameSamples.Read<ControlItem>(frame));
    }

    [Fact]
    public void What_a_newer_version_adds_to_a_control_is_skipped()
    {
        byte[] frame = [.. FrameSamples.Frame<ControlItem>(new ControlItem.Changed(4)), 0xFF];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(FrameHeader.Size + 1), 9);
        Assert.Equal([new ControlItem.Changed(4)], FrameSamples.Read<ControlItem>(frame));
    }

    [Theory]
    [InlineData(0, 0xF4, "BadMagic")]
    [InlineData(1, 2, "OtherVersion")]
    [InlineData(4, 0x80, "BadValue")] // a negative source
    [InlineData(12, 0x80, "BadValue")] // a negative link
    [InlineData(21, 2, "Truncated")] // more items than there are
    [InlineData(FrameHeader.Size, 0x80, "BadValue")] // a negative row
    [InlineData(FrameHeader.Size + 16, 2, "BadValue")] // a kind of conversation that there is not
    [InlineData(FrameHeader.Size + 34, 0x80, "BadValue")] // a negative seq
    [InlineData(FrameHeader.Size + 62, 0x80, "BadValue")] // a negative length
    [InlineData(FrameHeader.Size + 62, 0x7F, "Truncated")] // a length beyond the end
    [InlineData(FrameHeader.Size + 66, 0xFF, "BadText")]
    public void A_frame_that_lies_is_refused(int at, byte value, string expected)
    {
        var frame = FrameSamples.Frame(FrameSamples.Message());
        frame[at] = value;
        Assert.EndsWith(expected, FrameSamples.Describe(frame));
    }

    [Fact]
    public void Zeros_where_numbers_begin_at_1_are_refused()
    {
        Assert.Equal("BadValue", FrameSamples.Describe(FrameSamples.Frame(link: 0, items: new LinkCount(1, 1))));
        Assert.EndsWith("BadValue", FrameSamples.Describe(FrameSamples.Frame(new LinkCount(0, 1))));
        Assert.EndsWith("BadValue", FrameSamples.Describe(FrameSamples.Frame(new PlaceItem(1, ConversationKey.Room(1, 1), 1, 0, Closes: false))));
        Assert.EndsWith("BadValue", FrameSamples.Describe(FrameSamples.Frame(new PlaceItem(1, ConversationKey.Room(1, 1), long.MaxValue, 2, Closes: false))));
    }

    [Fact]
    public void A_frame_of_more_than_256_KiB_is_refused() =>
        Assert.Equal("TooLong", FrameSamples.Describe(new byte[FrameHeader.MaxFrameBytes + 1]));

    [Fact]
    public void Of_a_frame_with_one_bad_item_nothing_is_read()
    {
        byte[] frame = [.. FrameSamples.Frame(FrameSamples.Message(), FrameSamples.Message(4))];
        frame[^1] = 0xFF;
        Assert.EndsWith("BadText", FrameSamples.Describe(frame));
    }
}
