using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Messaging;

/// <summary>What is said gets into the log with the server's stamps, no larger than a frame, and with a place in its room.</summary>
public sealed class MessageWriterTests
{
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, 10001, 10002);
    private static readonly RoomKey Key = new(1, 7);

    private readonly RoomTable _rooms = new(Options.Create(new RoomsOptions { MaxInFlight = 1 }));
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLog _log = new();
    private readonly MessageWriter _writer;

    public MessageWriterTests()
    {
        _writer = new MessageWriter(_log, _rooms, _time);
    }

    [Fact]
    public void A_message_has_the_time_at_which_it_is_said_and_says_so()
    {
        _time.Advance(TimeSpan.FromMilliseconds(1234));
        var message = Say(Direct, """{"content":"c","createTime":5}""")!;
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), message.Time);
        var data = JsonNode.Parse(message.Data)!;
        Assert.Equal((message.Time, 10001L, 10002L), ((long)data["createTime"]!, (long)data["senderId"]!, (long)data["objectId"]!));
    }

    [Fact]
    public void A_session_is_told_and_who_has_none_waits()
    {
        var session = Fakes.Session(10001);
        var (told, awaited) = (Say(Direct, sender: session)!, Say(Direct)!);
        Assert.Same(session, told.Sender);
        Assert.Equal(new Origin(session.Connection.Id), told.Origin);
        Assert.Null(told.Done);
        Assert.Null(awaited.Sender);
        Assert.Equal(default(Origin), awaited.Origin);
        Assert.False(awaited.Done!.Task.IsCompleted);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\\\"")]
    [InlineData("旗")]
    [InlineData("🐟")]
    public void The_largest_message_that_is_taken_fills_the_tightest_frame(string character)
    {
        var (taken, refused) = (0, 100_000);
        while (refused - taken > 1)
        {
            var middle = (taken + refused) / 2;
            (taken, refused) = Say(Direct, Content(character, middle)) is null ? (taken, middle) : (middle, refused);
        }

        var largest = BodyOf(Say(Direct, Content(character, taken))!);
        Assert.InRange(largest, SyncReplyEncoder.MaxMessageBytes - 4, SyncReplyEncoder.MaxMessageBytes);
    }

    [Fact]
    public async Task A_message_to_a_room_waits_for_a_place_whoever_sent_it()
    {
        var room = Enter();
        var first = SayInRoom();
        await AppendAsync(first);
        var second = AppendAsync(SayInRoom());
        Assert.False(second.IsCompleted);
        using var gone = new CancellationTokenSource();
        var third = AppendAsync(SayInRoom(), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);

        first.TakePlace().GiveBack();
        await second;
        Assert.Equal(2, _log.Appended.Count);
        // Whoever asks once more gets none.
        first.TakePlace().GiveBack();
        Assert.Equal(0, room.InFlight.CurrentCount);
        _log.Appended[1].TakePlace().GiveBack();
        Assert.Equal(1, room.InFlight.CurrentCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_that_takes_no_message_leaves_the_place_free(bool atOnce)
    {
        var room = Enter();
        _log.Fails = () => atOnce ? throw new ChannelClosedException() : ValueTask.FromException(new ChannelClosedException());
        var message = SayInRoom();
        await Assert.ThrowsAsync<ChannelClosedException>(() => AppendAsync(message));
        Assert.Equal(1, room.InFlight.CurrentCount);
        message.TakePlace().GiveBack();
        Assert.Equal(1, room.InFlight.CurrentCount);
    }

    [Fact]
    public async Task Who_gives_up_while_the_log_is_full_leaves_the_place_free()
    {
        var room = Enter();
        using var gone = new CancellationTokenSource();
        _log.Fails = () => new ValueTask(new TaskCompletionSource().Task.WaitAsync(gone.Token));
        var append = AppendAsync(SayInRoom());
        Assert.Equal(0, room.InFlight.CurrentCount);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        Assert.Equal(1, room.InFlight.CurrentCount);
    }

    [Fact]
    public async Task Where_nobody_is_there_is_no_place_to_wait_for()
    {
        var room = Enter();
        foreach (var conversation in new[] { Direct, ConversationKey.Room(1, 8), ConversationKey.Room(2, 7) })
        {
            var message = Say(conversation)!;
            await AppendAsync(message);
            Assert.Null(message.TakePlace().Room);
        }

        Assert.Equal((3, 1), (_log.Appended.Count, room.InFlight.CurrentCount));
    }

    [Fact]
    public async Task An_end_is_the_servers_waits_for_no_place_and_is_given_when_it_is_known_what_became_of_it()
    {
        var room = Enter();
        await AppendAsync(SayInRoom());
        Submission? closing = null;
        var ending = _writer.EndAsync(Key, BizCodes.RoomEvent, """{"event":"room_closed"}""", end =>
        {
            closing = end;
            return default;
        });
        Assert.Equal((room.Conversation, ConversationKey.SystemUser, BizCodes.RoomEvent, true), (closing!.Conversation, closing.SenderId, closing.BizCode, closing.Closes));
        Assert.Equal(("""{"event":"room_closed"}""", _time.GetUtcNow().ToUnixTimeMilliseconds()), (closing.Data, closing.Time));
        Assert.False(ending.IsCompleted);
        closing.Done!.SetResult(closing);
        Assert.Same(closing, await ending);
        await Assert.ThrowsAsync<IOException>(() => _writer.EndAsync(Key, 1, "{}", _ => throw new IOException()));
    }

    private static string Content(string character, int count) => $$"""{"content":"{{string.Concat(Enumerable.Repeat(character, count))}}"}""";

    /// <summary>What it takes with the longest of everything that stands around it.</summary>
    private static int BodyOf(Submission message) => MessageEncoder.BodyLength(new MessageBody
    {
        AppId = Ids.Max,
        BizCode = message.BizCode,
        Data = message.Data,
        MsgId = MessageId.Format(Ids.Max, Ids.Max),
        Conversation = message.Conversation.Name,
        Seq = Ids.Max,
        Time = Ids.Max,
    });

    /// <summary>The room with somebody in it.</summary>
    private Room Enter() => _rooms.Change(Key, room =>
    {
        room.Add(new RoomMember(Fakes.Session(10001), room));
        return room;
    });

    private Submission? Say(ConversationKey conversation, string data = """{"content":"c"}""", Session? sender = null) =>
        _writer.Stamp(MessageData.Parse(data)!, new MessageStamp(conversation, 10001, null, null, null), BizCodes.Chat, null, sender);

    private Submission SayInRoom() => Say(Key.Conversation)!;

    private Task AppendAsync(Submission message, CancellationToken cancellationToken = default) => _writer.AppendAsync(message, cancellationToken).AsTask();

    private sealed class FakeLog : IMessageLog
    {
        public List<Submission> Appended { get; } = [];

        /// <summary>What becomes of it instead.</summary>
        public Func<ValueTask>? Fails { get; set; }

        public ValueTask AppendAsync(Submission submission, CancellationToken cancellationToken)
        {
            if (Fails is not null)
                return Fails();
            Appended.Add(submission);
            return default;
        }
    }
}
