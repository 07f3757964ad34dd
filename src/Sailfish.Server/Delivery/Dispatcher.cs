using System.Threading.Channels;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Hears from the log what became of messages, and sees to it in order: first the sender is told, then what was committed is
/// delivered. One at a time, so that a conversation's messages reach its receivers in the order of their seqs. What other nodes
/// committed it delivers in the same loop, if there are any.
/// </summary>
/// <param name="receipts">Tell the senders.</param>
/// <param name="router">Brings messages to their receivers.</param>
/// <param name="pump">Pushes to rooms.</param>
/// <param name="acks">Who sent a message has it.</param>
/// <param name="bus">Whoever listens hears of messages that were stored.</param>
/// <param name="epochs">Numbers of the events.</param>
/// <param name="logger">Of the category.</param>
/// <param name="feed">None where this node alone appends to the log: then its order is the order.</param>
/// <param name="relay">None there, too: nobody else waits for what this node committed.</param>
internal sealed class Dispatcher(
    Receipts receipts,
    Router router,
    RoomPump pump,
    AckTable acks,
    IBus bus,
    EpochClock epochs,
    ILogger<Dispatcher> logger,
    Feed? feed = null,
    IMessageRelay? relay = null) : ISubmissionSink, IHostedLifecycleService
{
    /// <summary>Messages that wait to be dispatched at most; beyond it the log waits, then its queue fills, then senders are not read from.</summary>
    private const int MaxWaiting = 8192;

    /// <summary>Messages that share a flush at most: when more is always waiting, receipts must go out all the same.</summary>
    private const int MaxUnflushed = 512;

    /// <summary>
    /// So many messages, and pushes in rooms, are done in the log's own thread: to wake another one costs more. With more,
    /// the log goes on to its next commit meanwhile.
    /// </summary>
    private const int Few = 16;
    private const int FewPushes = 64;

    private readonly Channel<Submission> _waiting =
        Channel.CreateBounded<Submission>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });

    private readonly FlushSet _flushes = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isRunning;

    private Feed Feed => feed ?? throw new InvalidOperationException("This node is alone: it was made without a feed.");

    private bool IsIdle => !_waiting.Reader.TryPeek(out _) && feed is null or { IsEmpty: true };

    public void Told(ReadOnlySpan<Submission> submissions)
    {
        foreach (var submission in submissions)
        {
            if (_waiting.Writer.TryWrite(submission))
                continue;
            Take(MaxWaiting);
            _waiting.Writer.WriteAsync(submission).AsTask().GetAwaiter().GetResult();
        }

        Take(submissions.Length);
    }

    public void Closed()
    {
        _waiting.Writer.TryComplete();
        Take(0);
    }

    /// <summary>
    /// Messages that other nodes committed, as they came together. False when too many wait: then they are lost here, and the
    /// caller has to see that they are looked for in the log.
    /// </summary>
    /// <param name="frame">Not changed by anybody from now on.</param>
    /// <param name="isEventThread">Others wait for the thread: it delivers a few, and no more.</param>
    public bool TryReceive(CommittedMessage[] frame, bool isEventThread = false)
    {
        if (!Feed.TryAdd(frame))
            return false;
        Take(frame.Length, isEventThread);
        return true;
    }

    /// <summary>Does a step in the loop, where alone the sequencer may be used.</summary>
    public void Do(Action<FlushSet> step)
    {
        Feed.Add(step);
        Take(1);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After everything has stopped, the log's writer too: what is committed is still receipted and delivered.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _ended.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The log's writer hangs on its disk, and said so.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>In the thread of whoever brings them, mostly the log's, when so many have come. Whoever runs already takes these, too.</summary>
    private void Take(int count, bool isEventThread = false)
    {
        if (!TryBegin())
            return;
        if (count > Few || (isEventThread && Feed.HasSteps))
            RunInPool();
        else if (isEventThread)
            RunBriefly();
        else
            Run(FewPushes);
    }

    private void RunInPool() =>
        ThreadPool.UnsafeQueueUserWorkItem(static dispatcher => dispatcher.Run(pushesHere: 0), this, preferLocal: false);

    private bool TryBegin() => Interlocked.Exchange(ref _isRunning, 1) == 0;

    /// <param name="pushesHere">Pushes in rooms that may be done in this thread.</param>
    private void Run(int pushesHere)
    {
        do
        {
            while (!IsIdle)
                TryDispatchSome(MaxUnflushed, pushesHere);
            End();
        }
        // Something may have come between the last look and the end: then it was left to us.
        while (!IsIdle && TryBegin());
    }

    /// <summary>What comes meanwhile, from whomever, is another thread's.</summary>
    private void RunBriefly()
    {
        TryDispatchSome(Few, FewPushes);
        End();
        if (!IsIdle && TryBegin())
            RunInPool();
    }

    private void End()
    {
        Interlocked.Exchange(ref _isRunning, 0);
        if (_waiting.Reader.Completion.IsCompleted)
            _ended.TrySetResult();
    }

    private void TryDispatchSome(int most, int pushesHere)
    {
        try
        {
            DispatchSome(most, pushesHere);
        }
#pragma warning disable CA1031 // the log's thread must live, and whoever runs must end: the messages are in the log, and SYNC brings them
        catch (Exception fault)
#pragma warning restore CA1031
        {
            DeliveryLog.BatchFailed(logger, fault);
        }
    }

    /// <summary>Whatever fails, what was dispatched before it goes out.</summary>
    private void DispatchSome(int most, int pushesHere)
    {
        try
        {
            for (var i = 0; i < most && _waiting.Reader.TryRead(out var submission); i++)
                Dispatch(submission);
            feed?.DeliverSome(_flushes, most);
        }
        finally
        {
            try
            {
                _flushes.Flush();
            }
            finally
            {
                relay?.Flush();
                pump.Start(pushesHere);
            }
        }
    }

    private void Dispatch(Submission submission)
    {
        try
        {
            var fresh = submission.IsDuplicate ? null : submission.Stored;
            // Before all that may fail here: the other nodes have nobody else to tell them.
            if (fresh is not null)
                relay?.Add(fresh, submission.Nodes, submission.Closes);
            receipts.Tell(submission, _flushes);
            if (fresh is not null)
                Deliver(submission, fresh);
        }
#pragma warning disable CA1031 // the loop must live; the message is in the log, and SYNC brings it
        catch (Exception fault)
#pragma warning restore CA1031
        {
            DeliveryLog.DeliveryFailed(logger, fault, submission.Conversation.Name);
        }

        // Where it was not passed on with the message.
        submission.TakePlace().GiveBack();
        submission.Done?.TrySetResult(submission);
    }

    private void Deliver(Submission submission, StoredMessage message)
    {
        // Who sent it has it: it must not come back by SYNC.
        if (message.SenderId != ConversationKey.SystemUser && !message.Conversation.IsRoom)
            acks.Mark(message.ConversationId, message.SenderId, message.Seq);
        var committed = new CommittedMessage(message, submission.Origin, submission.Closes, submission.TakePlace());
        submission.OnlineUsers = feed is null ? router.Deliver(committed, _flushes) : feed.Deliver(committed, _flushes);
        if (!bus.HasSubscribers)
            return;
        bus.Publish(new DomainEvent(EventTypes.MessageStored, message.Conversation.AppId, message.SenderId, epochs.Next())
        {
            Conversation = message.Conversation.Name,
            Seq = message.Seq,
            MsgId = message.MsgId,
        });
    }
}
