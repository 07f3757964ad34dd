using FsCheck;
using FsCheck.Fluent;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Server.Cluster.Frames;

public sealed class FramePropertyTests
{
    private static readonly Gen<int> AnyInt = Gen.Choose(int.MinValue, int.MaxValue);

    private static readonly Gen<bool> AnyBool = Gen.Elements(true, false);

    private static readonly Gen<long> AnyNumber = Gen.OneOf(
        Gen.Elements(0L, 1L, -1L, long.MinValue, long.MaxValue, int.MaxValue, uint.MaxValue),
        AnyInt.Two().Select(pair => ((long)pair.Item1 << 32) ^ pair.Item2));

    private static readonly Gen<long> Positive = AnyNumber.Select(number => number > 0 ? number : 1 - (number >> 1));

    private static readonly Gen<ConversationKey> AnyConversation =
        from app in AnyNumber
        from low in AnyNumber
        from high in AnyNumber
        from isRoom in AnyBool
        select new ConversationKey(app, isRoom ? ConversationKind.Room : ConversationKind.Direct, low, high);

    private static readonly Gen<MessageItem> AnyMessage =
        from key in AnyConversation
        from row in Positive
        from seq in Positive
        from sender in AnyNumber
        from code in AnyInt
        from time in AnyNumber
        from data in Texts.Any.Generator
        from closes in AnyBool
        select new MessageItem(
            new StoredMessage { Conversation = key, ConversationId = row, Seq = seq, SenderId = sender, BizCode = code, Data = data, Time = time }, closes);

    private static readonly Gen<string> AnyText = Texts.Any.Generator;

    private static readonly Gen<LinkCount> AnyCount = Positive.Two().Select(pair => new LinkCount(pair.Item1, pair.Item2));

    private static readonly Gen<ControlItem> AnyControl =
        from type in Gen.Choose(0, 2)
        from app in AnyNumber
        from id in Positive
        from word in AnyText
        from data in AnyText
        select (ControlItem)(type switch
        {
            0 => new ControlItem.CloseConnection(id, word),
            1 => new ControlItem.Announced(app, 5555, word, data),
            _ => new ControlItem.Changed(id),
        });

    private static readonly Gen<(long Source, long Link, int Flags)> AnyHeader =
        from source in Positive
        from link in Positive
        from flags in Gen.Choose(0, 255)
        select (source, link, flags);

    private static readonly Gen<(List<MessageItem> Items, int Max)> AnyLoad =
        from items in Gen.ListOf(AnyMessage)
        from max in Gen.Choose(120, 2000)
        select (items.ToList(), max);

    [Fact]
    public void Messages_come_back_as_written() =>
        Properties.Hold(Arb.From(Gen.ListOf(AnyMessage)), items => Assert.Equal(
            items.Select(FrameSamples.Describe), FrameSamples.Read<MessageItem>(FrameSamples.Frame([.. items])).Select(FrameSamples.Describe)));

    [Fact]
    public void Controls_come_back_as_written() =>
        Properties.Hold(Arb.From(Gen.ListOf(AnyControl)), items => Assert.Equal(items, FrameSamples.Read<ControlItem>(FrameSamples.Frame([.. items]))));

    [Fact]
    public void Counts_come_back_as_written() =>
        Properties.Hold(
            Arb.From(Gen.ListOf(AnyCount)),
            items => Assert.Equal(items, FrameSamples.Read<LinkCount>(FrameSamples.Frame([.. items]))));

    [Fact]
    public void A_header_comes_back_as_written() =>
        Properties.Hold(
            Arb.From(AnyHeader),
            each =>
            {
                var frame = FrameSamples.Frame(each.Link, (FrameFlags)each.Flags, each.Source, new LinkCount(1, 1));
                Assert.Equal(FrameFault.None, FrameReader.ReadHeader(frame, out var header));
                Assert.Equal(new FrameHeader(FrameKind.Heartbeat, (FrameFlags)each.Flags, each.Source, each.Link, 1), header);
            });

    /// <summary>Full means that the next one would not fit, and nothing is lost between one frame and the next.</summary>
    [Fact]
    public void Items_fill_frames_up_to_the_bound_and_go_on_in_the_next() =>
        Properties.Hold(
            Arb.From(AnyLoad),
            each =>
            {
                List<MessageItem> read = [];
                var writer = new FrameWriter<MessageItem>(each.Max);
                foreach (var item in each.Items)
                {
                    if (writer.TryAdd(item))
                        continue;
                    Take(writer, item);
                    if (!writer.TryAdd(item))
                        Assert.True(item.Size > each.Max - FrameHeader.Size);
                }

                Take(writer, null);
                var fitting = each.Items.Where(item => item.Size <= each.Max - FrameHeader.Size);
                Assert.Equal(fitting.Select(FrameSamples.Describe), read.Select(FrameSamples.Describe));

                void Take(FrameWriter<MessageItem> full, MessageItem? next)
                {
                    var frame = full.ToFrame(1);
                    FrameHeader.SetLink(frame, 1);
                    Assert.True(frame.Length <= each.Max);
                    Assert.True(next is null || frame.Length + next.Value.Size > each.Max);
                    read.AddRange(FrameSamples.Read<MessageItem>(frame));
                    full.Clear();
                }
            });
}
