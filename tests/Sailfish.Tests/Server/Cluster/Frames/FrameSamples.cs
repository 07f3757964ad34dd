using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;

namespace Sailfish.Tests.Server.Cluster.Frames;

/// <summary>Frames of every kind, as a node writes them.</summary>
internal static class FrameSamples
{
    public const long Source = 5;

    public static MessageItem Message(long seq = 3, string data = "{\"content\":\"hé 😀\"}", bool closes = false, long row = 7) => new(
        new StoredMessage
        {
            Conversation = ConversationKey.Room(1, 42),
            ConversationId = row,
            Seq = seq,
            SenderId = 10001,
            BizCode = 5555,
            Data = data,
            Time = 1_750_000_000_000,
        },
        closes);

    public static ControlItem[] Controls { get; } =
    [
        new ControlItem.CloseConnection(5L << 40 | 9, "replaced"),
        new ControlItem.Announced(1, 5555, "id", "{}"),
        new ControlItem.Changed(77),
    ];

    public static byte[][] All { get; } =
    [
        Frame(Message(), Message(4, "", closes: true)),
        Frame(new PlaceItem(7, ConversationKey.Direct(1, 10001, 10002), 3, 4, Closes: false)),
        Frame(Controls),
        Frame(new LinkCount(6, 9), new LinkCount(7, 1)),
        Frame(new CallItem(1, "who?"u8.ToArray())),
        Frame(new AnswerItem(1, IsFailed: false, "me"u8.ToArray()), new AnswerItem(2, IsFailed: true, default)),
        new FrameWriter<LinkCount>(1000).ToFrame(Source, FrameFlags.ToAll | FrameFlags.DatabaseOk),
    ];

    /// <summary>One frame with these items, number 1 of its link.</summary>
    public static byte[] Frame<T>(params T[] items)
        where T : IFrameItem<T> => Frame(link: 1, items: items);

    public static byte[] Frame<T>(long link, FrameFlags flags = FrameFlags.None, long source = Source, params T[] items)
        where T : IFrameItem<T>
    {
        var writer = new FrameWriter<T>(FrameHeader.MaxFrameBytes);
        foreach (var item in items)
            Assert.True(writer.TryAdd(item));
        var frame = writer.ToFrame(source, flags);
        FrameHeader.SetLink(frame, link);
        return frame;
    }

    /// <summary>The items of a frame that is good.</summary>
    public static List<T> Read<T>(ReadOnlySpan<byte> frame)
        where T : IFrameItem<T>
    {
        Assert.Equal(FrameFault.None, FrameReader.ReadHeader(frame, out var header));
        Assert.Equal(T.Kind, header.Kind);
        List<T> items = [];
        Assert.Equal(FrameFault.None, FrameReader.ReadItems(frame, header, items));
        return items;
    }

    /// <summary>All that a frame says, or why it is refused.</summary>
    public static string Describe(ReadOnlySpan<byte> frame)
    {
        var fault = FrameReader.ReadHeader(frame, out var header);
        if (fault != FrameFault.None)
        {
            Assert.Equal(default, header);
            return fault.ToString();
        }

        return $"{header} {DescribeItems(frame, header)}";
    }

    public static string Describe(MessageItem item) =>
        $"{item.Message.Conversation} {item.Message.ConversationId} {item.Message.Seq} {item.Message.SenderId} {item.Message.BizCode} {item.Message.Time} {item.Message.Data} {item.Closes}";

    private static string DescribeItems(ReadOnlySpan<byte> frame, in FrameHeader header) => header.Kind switch
    {
        FrameKind.Messages => Describe<MessageItem>(frame, header, Describe),
        FrameKind.Places => Describe<PlaceItem>(frame, header, item => $"{item}"),
        FrameKind.Control => Describe<ControlItem>(frame, header, item => $"{item}"),
        FrameKind.Heartbeat => Describe<LinkCount>(frame, header, item => $"{item}"),
        FrameKind.Call => Describe<CallItem>(frame, header, item => $"{item.Number} {Convert.ToHexString(item.Payload.Span)}"),
        FrameKind.Answer => Describe<AnswerItem>(frame, header, item => $"{item.Number} {item.IsFailed} {Convert.ToHexString(item.Payload.Span)}"),
        _ => "unknown",
    };

    private static string Describe<T>(ReadOnlySpan<byte> frame, in FrameHeader header, Func<T, string> describe)
        where T : IFrameItem<T>
    {
        List<T> items = [];
        var fault = FrameReader.ReadItems(frame, header, items);
        Assert.Equal(fault == FrameFault.None ? header.Count : 0, items.Count);
        // What was read can be written, and takes the bytes that it says.
        foreach (var item in items.Where(item => item is not ControlItem.Unknown))
        {
            var bytes = new byte[item.Size];
            var fields = new FieldWriter(bytes);
            item.Write(ref fields);
        }

        return fault == FrameFault.None ? string.Join('|', items.Select(describe)) : fault.ToString();
    }
}
