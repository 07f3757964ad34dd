using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Storage;

namespace Sailfish.Tests.Server.Storage;

public sealed class RecentMessagesTests
{
    private static readonly ConversationKey Room = ConversationKey.Room(10_001, 7);
    private static readonly ConversationKey Other = ConversationKey.Room(10_001, 8);

    private readonly RecentMessages _recent = Of(mebibytes: 1);

    [Fact]
    public void What_follows_a_seq_comes_in_order_up_to_the_limit()
    {
        Add(Room, 1, 10);
        Assert.Equal([1, 2, 3], Read(Room, after: 0, limit: 3));
        Assert.Equal([9, 10], Read(Room, after: 8, limit: 3));
        Assert.Equal([4], Read(Room, after: 3, limit: 1));
    }

    [Fact]
    public void What_does_not_follow_here_is_left_to_the_store()
    {
        Add(Room, 5, 6);
        Assert.Null(Read(Room, after: 3));
        Assert.Null(Read(Room, after: 6));
        Assert.Null(Read(Other, after: 4));
        Assert.Null(Read(ConversationKey.Room(10_002, 7), after: 4));
        Assert.Equal([5, 6], Read(Room, after: 4));
    }

    [Fact]
    public void Reads_end_at_the_bytes_that_are_asked_for_and_begin_where_the_newest_fit()
    {
        for (var seq = 1; seq <= 10; seq++)
            _recent.Add(Message(Room, seq, new string('x', 1000 - StoredMessage.Envelope)));
        Assert.Equal((3, false), Page(after: 0, bytes: 3500));
        Assert.Equal((1, false), Page(after: 0, bytes: 1));
        Assert.Equal((10, true), Page(after: 0, bytes: 10_000));
        Assert.Equal(7, _recent.TryFindStart(Room, 10, 100, 3500));
        Assert.Equal(9, _recent.TryFindStart(Room, 10, 100, 1));
        Assert.Equal(6, _recent.TryFindStart(Room, 10, 4, 10_000));
        Assert.Equal(0, _recent.TryFindStart(Room, 10, 100, 10_000));
        Assert.Null(_recent.TryFindStart(Room, 11, 100, 10_000));

        (int, bool) Page(long after, int bytes) =>
            _recent.TryRead(Room, after, 100, bytes, newest: 10) is { } page ? (page.Messages.Count, page.IsWhole) : default;
    }

    [Fact]
    public void What_does_not_reach_the_newest_commit_is_left_to_the_store()
    {
        Add(Room, 1, 10);
        Assert.Null(_recent.TryRead(Room, 0, 100, int.MaxValue, newest: 11));
        Assert.NotNull(_recent.TryRead(Room, 0, 10, int.MaxValue, newest: 10));
    }

    [Fact]
    public void The_oldest_of_all_rooms_go_first()
    {
        Add(Room, 1, 80);
        Add(Other, 1, 80);
        // A quarter of what there is room for, each of them.
        for (var seq = 81; seq <= 83; seq++)
            AddLarge(seq);
        Assert.Null(Read(Room, after: 0));
        Assert.Equal([80, 81, 82, 83], Read(Room, after: 79));
        Assert.Equal(80, Read(Other, after: 0)!.Count);
        AddLarge(84);
        Assert.Null(Read(Other, after: 79));
        Assert.Null(Read(Room, after: 80));
        Assert.Equal([82, 83, 84], Read(Room, after: 81));
    }

    [Fact]
    public void What_is_removed_is_gone_and_nothing_else()
    {
        Add(Room, 1, 5);
        Add(Other, 1, 5);
        _recent.Remove(Room, [1, 2, 3]);
        Assert.Null(Read(Room, after: 0));
        Assert.Equal([4, 5], Read(Room, after: 3));
        Assert.Equal([1, 2, 3, 4, 5], Read(Other, after: 0));
        Add(Room, 6, 7);
        Assert.Equal([4, 5, 6, 7], Read(Room, after: 3));
    }

    [Fact]
    public void Without_memory_for_it_nothing_is_kept()
    {
        var none = Of(mebibytes: 0);
        none.Add(Message(Room, 1, "{}"));
        Assert.Null(none.TryRead(Room, 0, 10, int.MaxValue, newest: 1));
    }

    private static RecentMessages Of(int mebibytes) => new(Options.Create(new StorageOptions { RecentMiB = mebibytes }));

    private static StoredMessage Message(ConversationKey key, long seq, string data) => new()
    {
        Conversation = key,
        ConversationId = key.Low,
        Seq = seq,
        SenderId = 10_001,
        BizCode = BizCodes.Chat,
        Data = data,
        Time = 1,
    };

    private void Add(ConversationKey key, int first, int last)
    {
        for (var seq = first; seq <= last; seq++)
            _recent.Add(Message(key, seq, "{}"));
    }

    private void AddLarge(long seq) => _recent.Add(Message(Room, seq, new string('x', 16 * 1024)));

    /// <summary>What is there, whatever was committed.</summary>
    private List<long>? Read(ConversationKey key, long after, int limit = 1000) =>
        _recent.TryRead(key, after, limit, int.MaxValue, newest: 0)?.Messages.Select(m => m.Seq).ToList();
}
