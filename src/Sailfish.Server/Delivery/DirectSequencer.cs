using System.Threading.Channels;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Brings one-to-one messages into the order of their seqs, whichever node they come from. What is missing is waited for, but
/// not long: then it is read from the log, beside the loop. The dispatcher's loop's, but for what is to be read.
/// </summary>
internal sealed class DirectSequencer(Router router, DeliveredConversations delivered, TimeProvider time)
{
    /// <summary>Bytes that are held for all conversations; what comes beyond it is read from the log when its turn comes.</summary>
    private const long MaxHeldBytes = 64 * 1024 * 1024;

    /// <summary>
    /// A message that is so much older than the first that comes of a conversation has come to whoever should have it, in
    /// milliseconds: it is none that is still on its way.
    /// </summary>
    private const long MaxOnItsWay = 2000;

    /// <summary>
    /// Messages before the first that comes that are looked at at a time, and in all. A frame that only names what is in it is
    /// read from the log, and those behind it may be faster.
    /// </summary>
    private const int StepBack = 16;
    private const int MaxBack = 256;

    private readonly DirectRuns _runs = new(time);
    private readonly HashSet<DirectGap> _gaps = [];
    private readonly Channel<GapRead> _wanted = Channel.CreateUnbounded<GapRead>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private long _heldBytes;

    /// <summary>What somebody is to read, and bring by <see cref="Fill"/> or <see cref="GiveUp"/>.</summary>
    public ChannelReader<GapRead> Wanted => _wanted.Reader;

    /// <summary>Whether <see cref="Tick"/> has something to look at.</summary>
    public bool IsWaiting => _gaps.Count > 0;

    /// <summary>Delivers a message when it is its turn; returns how many of its receivers are online here.</summary>
    public int Take(in CommittedMessage committed, FlushSet flushes)
    {
        var message = committed.Message;
        if (!router.HasSessions(message.Conversation))
        {
            // Nobody is here to whom it could be out of order.
            if (_runs.TryFind(message.ConversationId, out var old))
                End(old);
            return 0;
        }

        if (!_runs.TryFind(message.ConversationId, out var run))
            run = Begin(message);
        if (run.NextSeq == message.Seq)
        {
            run.NextSeq++;
            var online = Deliver(committed, flushes);
            if (run.Gap is { } gap)
                Settle(gap, flushes);
            return online;
        }

        if (run.NextSeq == 0 || run.NextSeq < message.Seq)
            Hold(run, committed);
        else if (run.IsLate(message.Seq))
            router.DeliverLate(committed, flushes, tellsBehind: run.TryTellBehind());
        return router.CountOnline(message);
    }

    /// <summary>What was read, or a part of it.</summary>
    public void Fill(GapRead read, in GapPage page, FlushSet flushes)
    {
        if (!_gaps.Contains(read.Gap))
            return;
        var (gap, run) = (read.Gap, read.Gap.Run);
        gap.IsReading = false;
        if (run.NextSeq != 0)
            Add(gap, page);
        else if (!TryFindBegin(gap, page))
            return;
        Settle(gap, flushes);
        if (page.UpTo < read.UpTo && _gaps.Contains(gap))
            Want(gap);
    }

    /// <summary>It could not be read. The sessions are told that they are behind, and are given what there is.</summary>
    public void GiveUp(GapRead read, FlushSet flushes)
    {
        if (!_gaps.Contains(read.Gap))
            return;
        var (gap, run) = (read.Gap, read.Gap.Run);
        if (run.NextSeq == 0)
            run.BeginAt(gap.Held.Count > 0 ? gap.Held.FirstSeq : gap.LetGoUpTo);
        run.NextSeq = Math.Max(gap.Held.LastSeq, gap.LetGoUpTo) + 1;
        EndGap(gap);
        router.TellBehind(gap.Conversation);
        while (gap.Held.TryTake(out var held))
            Deliver(held, flushes);
    }

    /// <summary>What is known of seqs counts no more.</summary>
    public void Forget()
    {
        _runs.Clear();
        delivered.Forget();
        _gaps.Clear();
        _heldBytes = 0;
    }

    /// <summary>Wants to be read what was waited for long enough.</summary>
    public void Tick()
    {
        var now = time.GetTimestamp();
        foreach (var gap in _gaps)
        {
            if (!gap.IsReading && (gap.Held.Count == 0 || time.GetElapsedTime(gap.Held.OldestAt, now) >= Sequencer.Patience))
                Want(gap);
        }
    }

    /// <summary>
    /// Of a conversation that nothing is known of, the message before may still be on its way, from another node: the log tells
    /// when it was said.
    /// </summary>
    private DirectRun Begin(StoredMessage message)
    {
        var run = _runs.Add(message.ConversationId);
        if (message.Seq == 1)
        {
            run.BeginAt(1);
            return run;
        }

        var gap = GapOf(run, message);
        // One at first: it mostly is an old one.
        WantBefore(gap, count: 1);
        return run;
    }

    /// <summary>Its ack may come while it is still being written to others.</summary>
    private int Deliver(in CommittedMessage committed, FlushSet flushes)
    {
        delivered.Note(committed.Message);
        return router.Deliver(committed, flushes);
    }

    private void Hold(DirectRun run, in CommittedMessage committed)
    {
        var gap = GapOf(run, committed.Message);
        var before = gap.Held.Bytes;
        if (_heldBytes < MaxHeldBytes && gap.Held.TryAdd(committed, time.GetTimestamp()))
            _heldBytes += gap.Held.Bytes - before;
        else
            gap.LetGoUpTo = Math.Max(gap.LetGoUpTo, committed.Message.Seq);
    }

    private DirectGap GapOf(DirectRun run, StoredMessage message)
    {
        if (run.Gap is { } known)
            return known;
        var gap = run.Gap = new DirectGap(run, message);
        _gaps.Add(gap);
        return gap;
    }

    /// <summary>
    /// The messages before the first one: they may be still on their way, and nobody has been given them here. False when those
    /// before them are to be looked at, too.
    /// </summary>
    private bool TryFindBegin(DirectGap gap, in GapPage page)
    {
        var begin = gap.BeginSeq;
        StoredMessage[] before = [.. page.Messages.Reverse().TakeWhile((m, i) => m.Seq == begin - 1 - i && gap.FirstTime - m.Time < MaxOnItsWay)];
        Add(gap, new GapPage(before, 0));
        gap.BeginSeq -= before.Length;
        if (before.Length > 0 && before.Length == page.Messages.Count && gap.BeginSeq > 1 && gap.FirstSeq - gap.BeginSeq < MaxBack)
        {
            WantBefore(gap, StepBack);
            return false;
        }

        gap.Run.BeginAt(gap.Held.Count > 0 ? Math.Min(gap.BeginSeq, gap.Held.FirstSeq) : gap.BeginSeq);
        return true;
    }

    private void WantBefore(DirectGap gap, int count)
    {
        gap.IsReading = true;
        _wanted.Writer.TryWrite(new GapRead(gap, Math.Max(0, gap.BeginSeq - 1 - count), gap.BeginSeq - 1));
    }

    private void Add(DirectGap gap, in GapPage page)
    {
        var before = gap.Held.Bytes;
        foreach (var message in page.Messages)
            gap.Held.Add(new CommittedMessage(message, default), time.GetTimestamp());
        _heldBytes += gap.Held.Bytes - before;
        gap.ReadUpTo = page.UpTo;
    }

    /// <summary>Delivers what is next now, and looks what is still missing.</summary>
    private void Settle(DirectGap gap, FlushSet flushes)
    {
        var run = gap.Run;
        while (true)
        {
            if (gap.Held.Count > 0 && gap.Held.FirstSeq <= run.NextSeq)
                DeliverFirst(gap, flushes);
            else if (run.NextSeq <= gap.ReadUpTo)
                run.NextSeq = gap.Held.Count > 0 ? Math.Min(gap.Held.FirstSeq, gap.ReadUpTo + 1) : gap.ReadUpTo + 1;
            else
                break;
        }

        if (gap.Held.Count == 0 && gap.LetGoUpTo < run.NextSeq)
            EndGap(gap);
    }

    private void DeliverFirst(DirectGap gap, FlushSet flushes)
    {
        var before = gap.Held.Bytes;
        gap.Held.TryTake(out var held);
        _heldBytes -= before - gap.Held.Bytes;
        if (held.Message.Seq < gap.Run.NextSeq)
            return;
        gap.Run.NextSeq++;
        Deliver(held, flushes);
    }

    private void Want(DirectGap gap)
    {
        gap.IsReading = true;
        _wanted.Writer.TryWrite(new GapRead(gap, gap.Run.NextSeq - 1, gap.MissingUpTo));
    }

    private void End(DirectRun run)
    {
        if (run.Gap is { } gap)
            EndGap(gap);
        _runs.Remove(run);
    }

    private void EndGap(DirectGap gap)
    {
        gap.Run.Gap = null;
        _gaps.Remove(gap);
        _heldBytes -= gap.Held.Bytes;
    }
}
