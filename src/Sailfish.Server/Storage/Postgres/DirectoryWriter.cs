using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Writes logins and logouts to the directory: while some are written others gather, and go together. While the database is
/// away they wait; there are never many more than connections, for a login that nobody waits for any more is not written, nor
/// are more of a user than may have a session at once.
/// </summary>
internal sealed class DirectoryWriter(
    PostgresDatabase database, NodeLease lease, IOptions<SessionsOptions> options, TimeProvider time, ILogger<DirectoryWriter> logger) : IHostedService, IDisposable
{
    private const int MaxJobs = 256;

    /// <summary>Tries of many that are in another transaction's way; then each has its own.</summary>
    private const int MaxTries = 4;

    /// <summary>Between tries while the database is away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAtLease = TimeSpan.FromMilliseconds(20);

    /// <summary>What is not written at a stop goes with the node's row.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly DirectoryBacklog _jobs = new(options.Value.MaxConnectionsPerUser);
    private readonly ConcurrentDictionary<long, DirectoryLogin> _entering = new();
    private readonly CancellationTokenSource _givenUp = new();
    private Task _run = Task.CompletedTask;
    private bool _isAway;

    /// <summary>Done when it is written. Cancelled when the session ends before that.</summary>
    public Task<SessionEntry> EnterAsync(Session session, bool isAgain)
    {
        var id = session.Connection.Id;
        var login = new DirectoryLogin(session, lease.Generation, isAgain);
        if (!_entering.TryAdd(id, login))
            return _entering.TryGetValue(id, out var before) ? before.Entry : EnterAsync(session, isAgain);
        if (!_jobs.TryAdd(login))
            Forget(login, login.Cancel);
        return login.Entry;
    }

    /// <summary>Done when it is written, behind all that came before.</summary>
    public Task<SessionExit> LeaveAsync(Session session)
    {
        var logout = new DirectoryLogout(session);
        if (_entering.TryGetValue(session.Connection.Id, out var login) && login.TryDrop())
        {
            Forget(login, login.Cancel);
            if (!login.IsAgain)
                logout.Cancel();
        }

        if (!logout.Exit.IsCompleted && !_jobs.TryAdd(logout))
            logout.Cancel();
        return logout.Exit;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = RunAsync();
        return Task.CompletedTask;
    }

    /// <summary>After all sessions have ended.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _jobs.Close();
        try
        {
            await _run.WaitAsync(StopLimit, time, cancellationToken);
        }
        catch (Exception tooSlow) when (tooSlow is TimeoutException or OperationCanceledException)
        {
            PostgresLog.SessionsNotRemoved(logger);
            await _givenUp.CancelAsync();
        }
    }

    public void Dispose() => _givenUp.Dispose();

    private async Task RunAsync()
    {
        while (await _jobs.WaitAsync())
        {
            var batch = _jobs.Take(MaxJobs);
            if (batch.Count > 0)
                await WriteAsync(batch);
        }
    }

    private async Task WriteAsync(DirectoryBatch batch)
    {
        for (var tries = 1; batch.Count > 0; tries++)
        {
            var failure = await TryAsync(batch);
            if (failure is null)
                continue;
            if (_givenUp.IsCancellationRequested)
            {
                Drop(batch, job => job.Cancel());
                return;
            }

            if (IsOfOne(failure) && batch.Count == 1)
            {
                Drop(batch, job => job.Fail(failure));
                return;
            }

            if (IsOfOne(failure) || (IsInTheWay(failure) && tries >= MaxTries && batch.Count > 1))
            {
                foreach (var alone in batch.Split())
                    await WriteAsync(alone);
                return;
            }

            if (!IsInTheWay(failure) || tries >= MaxTries)
                await NoteAwayAsync(failure);
        }
    }

    /// <summary>Why it was not written, or is not known to be. What was is told, and taken out.</summary>
    private async Task<Exception?> TryAsync(DirectoryBatch batch)
    {
        try
        {
            while (!lease.IsValid)
                await Task.Delay(LookAtLease, time, _givenUp.Token);
            var answer = await database.ReadAsync(
                connection => DirectoryCommands.RunAsync(connection, batch, lease.Generation, options.Value.MaxConnectionsPerUser, time.GetUtcNow().ToUnixTimeMilliseconds()),
                _givenUp.Token);
            _isAway = false;
            foreach (var login in batch.Logins.Where(_ => answer.IsAlive))
                Forget(login);
            // Whoever renews the lease says whether it holds.
            if (!answer.IsAlive)
                lease.Extend(time.GetTimestamp());
            batch.Settle(answer);
            return null;
        }
#pragma warning disable CA1031 // while the database is away nobody can be listed; it is tried until it can
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure;
        }
    }

    private async Task NoteAwayAsync(Exception failure)
    {
        if (!_isAway)
            PostgresLog.SessionsNotListed(logger, failure);
        _isAway = true;
        await Task.Delay(Pause, time, _givenUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Drop(DirectoryBatch batch, Action<DirectoryJob> tell)
    {
        foreach (var job in batch.Jobs)
        {
            if (job is DirectoryLogin login)
                Forget(login);
            tell(job);
        }
    }

    private void Forget(DirectoryLogin login, Action? tell = null)
    {
        _entering.TryRemove(new KeyValuePair<long, DirectoryLogin>(login.Session.Connection.Id, login));
        tell?.Invoke();
    }

    private static bool IsOfOne(Exception failure) => failure is UnstorableTextException || (failure is PostgresException refused && PostgresFailures.IsOfValues(refused));

    private static bool IsInTheWay(Exception failure) => failure is PostgresException refused && PostgresFailures.IsInTheWay(refused);
}
