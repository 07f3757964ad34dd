using Sailfish.Client.Receiving;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Client.Connection;

/// <summary>Pulls what a connection missed, as far as the application takes it.</summary>
internal sealed class SyncWorker(Session session, SyncPlan plan, ClientParts parts, TimeProvider time, bool leavesUnread)
{
    private const int MaxLimit = 500;
    private const int MaxAttempts = 4;
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReceiptPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RefusedDelay = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private (string First, string Last) _lastPage;
    private int _samePages;
    private int _pullAttempts;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var conversation = await plan.TakeAsync(cancellation);
            await parts.Buffer.WaitForSpaceAsync(cancellation);
            if (conversation is null)
                await PullAsync(cancellation);
            else
                await RepairAsync(conversation, cancellation);
        }
    }

    /// <summary>A receipt under way may be what is missing, and an own message must not come back before it.</summary>
    private async Task RepairAsync(string conversation, CancellationToken cancellation)
    {
        await parts.Pending.SettledAsync(ReceiptPatience, time, cancellation);
        if (parts.Inbox.SyncAfter(conversation) is { } after)
            await RepairAsync(conversation, after, cancellation);
    }

    private async Task PullAsync(CancellationToken cancellation)
    {
        try
        {
            var reply = await SyncAsync(null);
            Truncate(reply);
            Arrive(reply, MessageSource.Pull);
            if (!reply.More)
                EndPull();
            else if (reply.Messages.Count > 0)
                await ContinuePullAsync(reply, cancellation);
            else
                await RetryPullAsync(EmptyPage(), cancellation);
        }
        catch (SailfishException e) when (IsPassing(e))
        {
            await Task.Delay(DelayOf(e), time, cancellation);
            plan.AddPull();
        }
        catch (SailfishException e) when (e.Error == ErrorWords.Guest)
        {
            // Nobody writes to a guest: that is all there is.
            EndPull();
        }
        catch (SailfishException e) when (IsRefusal(e))
        {
            await RetryPullAsync(e, cancellation);
        }
    }

    private void EndPull()
    {
        _pullAttempts = 0;
        parts.Inbox.EndPull();
        session.SetPulled();
    }

    /// <summary>A pull that failed brought not everything: it is tried again, and what it leaves out is never acknowledged.</summary>
    private async Task RetryPullAsync(SailfishException cause, CancellationToken cancellation)
    {
        if (++_pullAttempts < MaxAttempts)
        {
            await Task.Delay(FirstRetryDelay * Math.Pow(2, _pullAttempts), time, cancellation);
            plan.AddPull();
            return;
        }

        BreakOffPull(cause);
    }

    private void BreakOffPull(SailfishException cause)
    {
        _pullAttempts = 0;
        parts.Inbox.EndPull(isWhole: false);
        session.SetPullRefused(cause);
    }

    /// <summary>
    /// The same begin again means that the acks of the last page have not counted yet, or that a gap holds it back; or, where
    /// the reader leaves messages unread, that they come first. When nothing else comes behind them there is no way on.
    /// </summary>
    private async Task ContinuePullAsync(SyncReply reply, CancellationToken cancellation)
    {
        var page = (First: reply.Messages[0].MsgId ?? "", Last: reply.Messages[^1].MsgId ?? "");
        var beganAlike = page.First == _lastPage.First;
        _samePages = page == _lastPage ? _samePages + 1 : 0;
        _lastPage = page;
        if (leavesUnread && _samePages >= MaxAttempts)
        {
            BreakOffPull(new SailfishException(ClientErrors.LeftUnread, "messages that were left unread stand before others, which cannot be had until they are read"));
            return;
        }

        if (beganAlike)
            await Task.Delay(FirstRetryDelay, time, cancellation);
        plan.AddPull();
    }

    private async Task RepairAsync(string conversation, long after, CancellationToken cancellation)
    {
        try
        {
            var reply = await SyncAsync(conversation, after);
            Truncate(reply);
            Arrive(reply, MessageSource.Repair);
            if (reply is { More: true, Messages.Count: > 0 })
                plan.AddRepair(conversation);
            else if (reply.More || parts.Inbox.Settle(conversation) == RepairOutcome.Missing)
                await TryAgainAsync(conversation, after, cancellation);
            else
                _attempts.Remove(conversation);
        }
        catch (SailfishException e) when (IsPassing(e))
        {
            await Task.Delay(DelayOf(e), time, cancellation);
            plan.AddRepair(conversation);
        }
        catch (SailfishException e) when (IsRefusal(e))
        {
            parts.Inbox.GiveUp(conversation);
        }
    }

    /// <summary>What is not there yet may be there soon; what stays away is a gap.</summary>
    private async Task TryAgainAsync(string conversation, long after, CancellationToken cancellation)
    {
        var attempt = parts.Inbox.SyncAfter(conversation) > after || parts.Buffer.Free == 0 ? 0 : _attempts.GetValueOrDefault(conversation);
        _attempts[conversation] = attempt + 1;
        if (attempt + 1 >= MaxAttempts)
        {
            _attempts.Remove(conversation);
            parts.Inbox.GiveUp(conversation);
            return;
        }

        await Task.Delay(FirstRetryDelay * Math.Pow(2, attempt), time, cancellation);
        plan.AddRepair(conversation);
    }

    private Task<SyncReply> SyncAsync(string? conversation, long after = 0)
    {
        var seqs = conversation is null ? null : new Dictionary<string, long> { [conversation] = after };
        return session.SyncAsync(new SyncRequest { After = seqs, Limit = Math.Clamp(parts.Buffer.Free, 1, MaxLimit) }, conversation);
    }

    private void Truncate(SyncReply reply)
    {
        foreach (var (conversation, firstSeq) in reply.FirstSeq ?? new Dictionary<string, long>())
            parts.Inbox.Truncate(conversation, firstSeq);
    }

    private void Arrive(SyncReply reply, MessageSource source)
    {
        foreach (var body in reply.Messages)
        {
            if (parts.Reader.Read(body) is { } message)
                parts.Inbox.Arrive(message, source);
        }
    }

    /// <summary>What else goes wrong ends the connection, and the next one begins anew.</summary>
    private static bool IsRefusal(SailfishException e) => !e.IsConnectionLost && e.Error != ClientErrors.BadPeer;

    private static SailfishException EmptyPage() => new(ErrorWords.Internal, "the server has more messages but gives none");

    private static bool IsPassing(SailfishException e) =>
        e.Error is ErrorWords.RateLimited or ErrorWords.NotStored or ErrorWords.Internal;

    private static TimeSpan DelayOf(SailfishException e) =>
        e.RetryAfterMs is { } ms ? TimeSpan.FromMilliseconds(Math.Clamp(ms, 1, int.MaxValue)) : RefusedDelay;
}
