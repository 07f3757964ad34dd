using System.Threading.Channels;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;
using Sailfish.Server.Pacing;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Where messages may not have come to this node, it asks the store for them, and gives the sequencer what there is: that knows
/// what it had. One repair at a time, and a pause behind each; the rooms are looked at from time to time without a reason, too.
/// While the node's lease does not hold, nothing is delivered here, and so nothing is repaired.
/// </summary>
internal sealed class SequencerRepair(
    IRepairSource source,
    Sequencer sequencer,
    Dispatcher dispatcher,
    RoomTable rooms,
    RoomEnds ends,
    StoreHorizons horizons,
    NodeLease lease,
    DeliveryMetrics metrics,
    TimeProvider time,
    ILogger<SequencerRepair> logger) : BackgroundService
{
    private const int RoomsPerRead = 1000;
    private const int MessagesPerStep = 256;
    private static readonly TimeSpan Rounds = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>What is read again of what should be known: the store's clock may have been set.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    /// <summary>How much earlier a repair begins where no horizon is known: no transaction takes longer.</summary>
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> _hurry =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Lock _lock = new();

    /// <summary>While the bus is away there is one after the other.</summary>
    private readonly LogPace _lines = new(new Rate(PerSecond: 0.1, Burst: 10), time);
    private Request? _asked;
    private bool _isFailing;

    /// <summary>All that was stored before this has been given to the sequencer, once.</summary>
    private DateTimeOffset? _repairedUpTo;

    /// <summary>Something may not have come here. Never waits.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="age">How long ago nothing was missing, for certain.</param>
    public void Ask(RepairReason reason, TimeSpan age)
    {
        if (reason == RepairReason.StoreBeganAnew)
            dispatcher.Do(_ => sequencer.Forget());
        Ask(new Request(reason, time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency), IsAnew(reason)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await WaitAsync(stoppingToken);
            await RunOnceAsync(stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    /// <summary>Does what was asked for, or the rounds; what fails is asked for again.</summary>
    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var request = TakeAsked();
        if (!lease.IsValid)
        {
            Ask(request);
            return;
        }

        try
        {
            await RepairAsync(request, cancellationToken);
            metrics.Repaired(request.Reason);
            _isFailing = false;
        }
#pragma warning disable CA1031 // while the store is away nothing can be read; it is tried until it can
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!_isFailing)
                DeliveryLog.RepairFailed(logger, fault, RepairReasons.Word(request.Reason));
            _isFailing = true;
            Ask(request);
        }
    }

    /// <summary>What an earlier repair gave does not help a session that came since, nor when the store has lost some of it.</summary>
    private static bool IsAnew(RepairReason reason) => reason is RepairReason.LateSession or RepairReason.StoreBeganAnew;

    private void Ask(Request request)
    {
        lock (_lock)
            _asked = _asked is { } before ? before.With(request) : request;
        _hurry.Writer.TryWrite(true);
    }

    private Request TakeAsked()
    {
        lock (_lock)
        {
            var asked = _asked ?? new Request(RepairReason.Rounds, Since: null, IsAnew: false);
            _asked = null;
            return asked;
        }
    }

    /// <summary>Until something is asked for, or the rounds are due.</summary>
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var rounds = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var hurry = _hurry.Reader.WaitToReadAsync(rounds.Token).AsTask();
        await Task.WhenAny(hurry, Task.Delay(Rounds, time, rounds.Token));
        await rounds.CancelAsync();
        _hurry.Reader.TryRead(out _);
        stoppingToken.ThrowIfCancellationRequested();
    }

    private async Task RepairAsync(Request request, CancellationToken cancellationToken)
    {
        var horizon = await source.ReadHorizonAsync(cancellationToken);
        horizons.Note(horizon);
        var roomCount = await RepairRoomsAsync(cancellationToken);
        if (request.Since is not { } since)
            return;
        var messageCount = await RepairDirectsAsync(BeginOf(since, request.IsAnew, horizon), cancellationToken);
        _repairedUpTo = horizon;
        if (_lines.TryTake(out var leftOut))
            DeliveryLog.Repaired(logger, RepairReasons.Word(request.Reason), roomCount, messageCount, leftOut);
    }

    /// <summary>The time of the store at which what is missing begins.</summary>
    private DateTimeOffset BeginOf(long since, bool isAnew, DateTimeOffset horizon)
    {
        var begin = horizons.KnownAt(since) ?? horizon - time.GetElapsedTime(since) - LongestTransaction;
        if (!isAnew && _repairedUpTo > begin)
            begin = _repairedUpTo.Value;
        return begin - Overlap;
    }

    private async Task<int> RepairRoomsAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var keys in rooms.All.Select(room => room.Key).Chunk(RoomsPerRead))
        {
            var newest = await source.ReadNewestAsync(keys, cancellationToken);
            var ended = await ends.ReadAsync(newest);
            await DoAsync(flushes =>
            {
                foreach (var key in keys)
                    Give(key, newest.GetValueOrDefault(key)?.Seq ?? 0, ended.GetValueOrDefault(key), flushes);
            });
            count += keys.Length;
        }

        return count;
    }

    /// <summary>An end is told, and not only read: whoever joined that late, and whoever is in the room, has to go.</summary>
    private void Give(RoomKey key, long newest, StoredMessage? end, FlushSet flushes)
    {
        sequencer.Expect(key, end is null ? newest : end.Seq - 1, flushes);
        if (end is not null)
            sequencer.Take(new CommittedMessage(end, default, Closes: true), flushes);
    }

    private async Task<int> RepairDirectsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var count = 0;
        List<StoredMessage> some = [];
        await foreach (var message in source.ReadStoredAsync(since, cancellationToken))
        {
            some.Add(message);
            count++;
            if (some.Count < MessagesPerStep)
                continue;
            await GiveAsync(some);
            some = [];
        }

        await GiveAsync(some);
        return count;
    }

    private Task GiveAsync(List<StoredMessage> messages) => DoAsync(flushes =>
    {
        foreach (var message in messages)
            sequencer.Take(new CommittedMessage(message, default), flushes);
    });

    /// <summary>Until it was done: no more of the store is in memory than that.</summary>
    private Task DoAsync(Action<FlushSet> step)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        dispatcher.Do(flushes =>
        {
            try
            {
                step(flushes);
            }
            finally
            {
                done.SetResult();
            }
        });
        return done.Task;
    }

    /// <param name="Reason">Why.</param>
    /// <param name="Since">When nothing was missing, a timestamp; null when only the rooms are looked at.</param>
    /// <param name="IsAnew">What was repaired before does not count.</param>
    private sealed record Request(RepairReason Reason, long? Since, bool IsAnew)
    {
        /// <summary>Both in one: it begins with the earlier.</summary>
        public Request With(Request other) => new(
            other.Since is null ? Reason : other.Reason,
            Since is { } one && other.Since is { } another ? Math.Min(one, another) : Since ?? other.Since,
            IsAnew || other.IsAnew);
    }
}
