namespace Sailfish.Client.Connection;

/// <summary>Keeps a client connected: one session after another, until the end is final.</summary>
internal sealed class Supervisor(SailfishClientOptions options, ClientParts parts)
{
    /// <summary>A connection that lived this long was a good one: the backoff begins anew after it.</summary>
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(5);

    private readonly Login _login = new(options);
    private readonly Backoff _backoff = new(options.ReconnectMinDelay, options.ReconnectMaxDelay, Random.Shared);
    private readonly TimeProvider _time = options.TimeProvider;

    public OnlineGate Online { get; } = new();

    /// <summary>The first connection, tried again only where the options say so.</summary>
    public async Task<Session> OpenFirstAsync(CancellationToken cancellation)
    {
        try
        {
            return await _login.OpenAsync(cancellation);
        }
        catch (SailfishException e) when (options.RetryFirstConnect && !e.IsFinal)
        {
            return await ReopenAsync(SessionEnd.From(e), cancellation);
        }
    }

    /// <summary>Runs until the server ends it for good, whose word it gives, or until cancelled.</summary>
    public async Task<string> RunAsync(Session session, CancellationToken cancellation)
    {
        while (true)
        {
            var end = await HostAsync(session, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (end.IsFinal)
                return end.Reason;
            parts.Events.StateIs(SailfishState.Reconnecting, end.Reason);
            try
            {
                session = await ReopenAsync(end, cancellation);
            }
            catch (SailfishException e)
            {
                return e.Error;
            }
        }
    }

    /// <summary>Tries until there is a connection; throws <see cref="SailfishException"/> when trying makes no sense.</summary>
    private async Task<Session> ReopenAsync(SessionEnd end, CancellationToken cancellation)
    {
        var delay = end.After ?? _backoff.Next();
        while (true)
        {
            await Task.Delay(delay, _time, cancellation);
            try
            {
                return await _login.OpenAsync(cancellation);
            }
            catch (SailfishException e) when (!e.IsFinal)
            {
                var next = _backoff.Next();
                delay = SessionEnd.From(e).After is { } after && after > next ? after : next;
            }
        }
    }

    private async Task<SessionEnd> HostAsync(Session session, CancellationToken cancellation)
    {
        var plan = new SyncPlan();
        var router = new FrameRouter(session, plan, parts);
        var since = _time.GetTimestamp();
        await using (session)
        await using (cancellation.Register(session.Stop))
        {
            parts.Sink.Attach(session.Outbox, plan);
            parts.Inbox.BeginPull();
            plan.AddPull();
            var end = await session.RunAsync(router.Route, token => LiveAsync(session, plan, token));
            Online.Reset(session);
            parts.Pump.Detach();
            parts.Sink.Detach();
            if (_time.GetElapsedTime(since) >= StableAfter)
                _backoff.Reset();
            return end;
        }
    }

    /// <summary>Rooms first, for the sends that wait may be for them; their receipts come before what is pulled.</summary>
    private async Task LiveAsync(Session session, SyncPlan plan, CancellationToken cancellation)
    {
        await parts.Rooms.RejoinAsync(session, _time, cancellation);
        parts.Pump.Attach(session.Outbox.Enqueue);
        Online.Open(session);
        parts.Events.StateIs(SailfishState.Online, null);
        var sync = new SyncWorker(session, plan, parts, _time, leavesUnread: options.AckFilter is not null);
        await sync.RunAsync(cancellation);
    }
}
