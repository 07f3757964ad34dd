using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>The dispatcher of a node that is not alone: its own log's thread, and those of others, bring messages to one loop.</summary>
public sealed class FeedTests
{
    private static readonly RoomKey Room = new(1, 7);
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, 10001, 10002);

    private readonly FeedParts _node = new(clock: TimeProvider.System);

    [Fact]
    public void What_other_nodes_committed_is_delivered_as_it_comes()
    {
        var receiver = _node.LogIn(10002);
        Assert.True(_node.Dispatcher.TryReceive([.. Append(Direct, 3).Select(m => new CommittedMessage(m, default))]));
        Assert.Equal([1, 2, 3], FeedParts.Given(receiver));
    }

    [Fact]
    public async Task What_comes_while_an_event_thread_delivers_is_left_to_the_pool()
    {
        // Who reads from this goes on in the thread that sends.
        var receiver = _node.LogIn(10002, pipe: new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var messages = Append(Direct, 2);
        TaskCompletionSource<bool[]> deliveredByPool = new();
        var events = new Thread(() =>
        {
            var reading = ReadAsync();
            Receive(messages[0]);
            reading.ContinueWith(read => deliveredByPool.SetResult(read.Result), TaskScheduler.Default);
        });
        events.Start();
        bool[] expected = [false, true];
        Assert.Equal(expected, await deliveredByPool.Task.WaitAsync(Wait.Limit));

        void Receive(StoredMessage message) => Assert.True(_node.Dispatcher.TryReceive([new CommittedMessage(message, default)], isEventThread: true));

        async Task<bool[]> ReadAsync()
        {
            var first = await ReadOneAsync();
            Receive(messages[1]);
            return [first, await ReadOneAsync()];
        }

        async Task<bool> ReadOneAsync()
        {
            var read = await receiver.Connection.Input.ReadAsync();
            receiver.Connection.Input.AdvanceTo(read.Buffer.End);
            return Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    [Fact]
    public async Task More_frames_than_may_wait_are_refused_and_counted_and_the_others_are_delivered()
    {
        long lost = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "sailfish.feed.lost")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref lost, count));
        listener.Start();
        var receiver = _node.LogIn(10002);
        var messages = Append(Direct, Feed.MaxFrames + 5);
        using ManualResetEventSlim begun = new(), goOn = new();
        var busy = Task.Run(() => _node.Dispatcher.Do(_ =>
        {
            begun.Set();
            goOn.Wait(Wait.Limit);
        }));
        Assert.True(begun.Wait(Wait.Limit));
        var taken = messages.Count(message => _node.Dispatcher.TryReceive([new CommittedMessage(message, default)]));
        Assert.Equal(Feed.MaxFrames, taken);
        Assert.Equal(5, Interlocked.Read(ref lost));
        goOn.Set();
        await busy;
        Assert.Equal(Feed.MaxFrames, FeedParts.Given(receiver).Length);
    }

    [Fact]
    public void What_fails_ends_no_delivery_behind_it()
    {
        var receiver = _node.LogIn(10002);
        _node.Dispatcher.Do(_ => throw new InvalidOperationException("A step fails."));
        var broken = new CommittedMessage(null!, default);
        _node.Dispatcher.TryReceive([new CommittedMessage(Append(Direct, 1)[0], default)]);
        _node.Dispatcher.Do(flushes => _node.Sequencer.Take(broken, flushes));
        _node.Dispatcher.TryReceive([new CommittedMessage(Append(Direct, 1)[0], default)]);
        Assert.Equal([1, 2], FeedParts.Given(receiver));
    }

    [Fact]
    public void A_receipt_does_not_wait_for_the_turn_of_its_message()
    {
        var (sender, receiver) = (_node.LogIn(10001), _node.LogIn(10002));
        var messages = Append(Direct, 3);
        _node.Dispatcher.Told([Told(messages[0], sender)]);
        var held = Told(messages[2], sender);
        _node.Dispatcher.Told([held]);
        Assert.True(held.Done!.Task.IsCompletedSuccessfully);
        Assert.Equal(1, held.OnlineUsers);
        Assert.Equal([1, 3], FeedParts.Given(sender));
        Assert.Equal([1], FeedParts.Given(receiver));
        _node.Dispatcher.TryReceive([new CommittedMessage(messages[1], default)]);
        Assert.Equal([2, 3], FeedParts.Given(receiver));
        Assert.Equal([2], FeedParts.Given(sender));
    }

    /// <summary>Three threads bring what three nodes commit to one log, two of them over links that lose, and repeat.</summary>
    [Fact]
    public async Task Whatever_many_threads_bring_comes_once_and_in_order()
    {
        const int Count = 6000;
        var receivers = new[] { _node.LogIn(10002), _node.LogIn(10003), _node.Join(Room, 10004).Session };
        var conversations = new[] { Direct, ConversationKey.Direct(1, 10001, 10003), Room.Conversation };
        _node.Dispatcher.Do(flushes => _node.Sequencer.Begin(Room, 0, flushes));
        foreach (var conversation in conversations)
            _node.Dispatcher.TryReceive([new CommittedMessage(Append(conversation, 1)[0], default)]);
        using GapFiller filler = new(_node.Sequencer, _node.Dispatcher, _node.Gaps, _node.DeliveryMetrics, TimeProvider.System, NullLogger<GapFiller>.Instance);
        await filler.StartAsync(CancellationToken.None);
        var room = _node.Rooms.Find(Room)!;

        using BlockingCollection<StoredMessage> own = new(), second = new(), third = new();
        var threads = new[]
        {
            Task.Factory.StartNew(() => TellOwn(own, room), TaskCreationOptions.LongRunning),
            Task.Factory.StartNew(() => Bring(second, new Random(2)), TaskCreationOptions.LongRunning),
            Task.Factory.StartNew(() => Bring(third, new Random(3)), TaskCreationOptions.LongRunning),
        };
        var random = new Random(1);
        for (var i = 0; i < Count; i++)
        {
            var node = random.Next(3) switch { 0 => own, 1 => second, _ => third };
            node.Add(Append(conversations[random.Next(3)], 1)[0]);
        }

        foreach (var node in new[] { own, second, third })
            node.CompleteAdding();
        await Task.WhenAll(threads);
        // As a repair does: the newest message of each, from which what is missing is seen.
        _node.Dispatcher.Do(flushes =>
        {
            foreach (var conversation in conversations[..2])
                _node.Sequencer.Take(new CommittedMessage(_node.History.All(conversation)[^1], default), flushes);
            _node.Sequencer.Expect(Room, _node.History.NewestSeq(Room.Conversation), flushes);
        });

        for (var i = 0; i < receivers.Length; i++)
        {
            List<long> given = [];
            await Wait.UntilAsync(() =>
            {
                given.AddRange(FeedParts.Given(receivers[i]));
                return given.Count >= _node.History.NewestSeq(conversations[i]);
            });
            Assert.Equal(_node.History.All(conversations[i]).Select(m => m.Seq), given);
        }

        await Wait.UntilAsync(() => room.InFlight.CurrentCount == 100);
        await filler.StopAsync(CancellationToken.None);
    }

    private static Submission Told(StoredMessage message, Session? sender = null) => new()
    {
        Conversation = message.Conversation,
        SenderId = message.SenderId,
        ClientMsgId = sender is null ? null : $"m{message.Seq}",
        BizCode = message.BizCode,
        Data = message.Data,
        Time = message.Time,
        Sender = sender,
        Done = new TaskCompletionSource<Submission>(),
        Stored = message,
    };

    private void TellOwn(BlockingCollection<StoredMessage> messages, Room room)
    {
        foreach (var message in messages.GetConsumingEnumerable())
        {
            var submission = Told(message);
            if (message.Conversation.IsRoom)
            {
                room.InFlight.Wait();
                submission.Hold(new RoomPlace(room));
            }

            _node.Dispatcher.Told([submission]);
        }
    }

    private void Bring(BlockingCollection<StoredMessage> messages, Random random)
    {
        List<CommittedMessage> frame = [];
        foreach (var message in messages.GetConsumingEnumerable())
        {
            frame.Add(new CommittedMessage(message, default));
            if (random.Next(3) > 0)
                continue;
            var repeats = random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 };
            for (var i = 0; i < repeats; i++)
                _node.Dispatcher.TryReceive([.. frame]);
            frame.Clear();
        }
    }

    private List<StoredMessage> Append(ConversationKey key, int count) => [.. Enumerable.Range(0, count).Select(_ => _node.History.Append(key))];
}
