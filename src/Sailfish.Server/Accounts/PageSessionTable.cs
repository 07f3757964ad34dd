using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Sailfish.Server.Nodes;
using Sailfish.Server.Text;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Who is signed in on the page. The store has the truth; sessions that were looked for are remembered, so that a call of
/// the page needs no disk.
/// </summary>
internal sealed class PageSessionTable
{
    private const int MaxRemembered = 50_000;

    /// <summary>Of one account; with one more the oldest goes.</summary>
    private const int MaxPerAccount = 100;
    private const int SecretBytes = 32;
    private const int IdLength = 22;
    private const int MaxAgent = 200;

    /// <summary>How old a stored time of the last use may become.</summary>
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    private readonly IPageSessionStore _store;
    private readonly IOptions<AccountOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, PageSession> _live = new();
    private readonly Lock _changing = new();
    private long _changes;

    public PageSessionTable(
        IPageSessionStore store, IOptions<AccountOptions> options, TimeProvider time, ILogger<PageSessionTable> logger, IChangeFeed? changes = null)
    {
        (_store, _options, _time, _logger) = (store, options, time, logger);
        changes?.On(ChangeKind.PageSession, change =>
        {
            Forget([.. _live.Values.Where(session => session.AccountId == change.A).Select(session => session.Id)]);
            return Task.CompletedTask;
        });
        changes?.OnMissed(() =>
        {
            Forget([.. _live.Keys]);
            return Task.CompletedTask;
        });
    }

    /// <summary>The public name of the session with that secret.</summary>
    public static string IdOf(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..IdLength];

    /// <summary>
    /// The secret of a new session, null when the account's password was changed since the account was read; and the sessions
    /// that ended for it.
    /// </summary>
    public async Task<(string? Secret, IReadOnlyList<string> Ended)> OpenAsync(Account account, string address, string agent)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = Now();
        var session = new PageSession(IdOf(secret), account.Id, now, now, address, Characters.First(agent, MaxAgent));
        var (isAdded, removed) = await _store.AddAsync(session, account.PasswordVersion, MaxPerAccount);
        Forget(removed);
        return (isAdded ? secret : null, removed);
    }

    /// <summary>The account's session of that id; null when it has ended.</summary>
    public async ValueTask<PageSession?> FindAsync(long accountId, string id)
    {
        // What has run out here may be in use through another node.
        if (!_live.TryGetValue(id, out var session) || !IsWithinLife(session))
        {
            var changes = Interlocked.Read(ref _changes);
            session = await _store.FindAsync(id);
            if (session is not null)
                TryRemember(session, changes);
        }

        return session is not null && session.AccountId == accountId && IsWithinLife(session) ? session : null;
    }

    /// <summary>Notes that the session is used. A note that cannot be stored now is made up for by the next.</summary>
    public async Task TouchAsync(PageSession session)
    {
        var now = Now();
        if (now - session.SeenAt < SeenStep.TotalMilliseconds || !_live.TryUpdate(session.Id, session with { SeenAt = now }, session))
            return;
        try
        {
            await _store.TouchAsync(session.Id, now);
        }
#pragma warning disable CA1031 // the call that uses the session goes on
        catch (Exception failure)
#pragma warning restore CA1031
        {
            AccountLog.SessionNotTouched(_logger, failure);
        }
    }

    /// <summary>The account's sessions, the newest first.</summary>
    public async Task<IReadOnlyList<PageSession>> ListAsync(long accountId) =>
        [.. (await _store.ListAsync(accountId)).Where(IsWithinLife).Select(session =>
            _live.TryGetValue(session.Id, out var live) && live.SeenAt > session.SeenAt ? live : session)];

    /// <summary>Some of the sessions whose time is over.</summary>
    public ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync() => _store.ListRunOutAsync(BegunBefore(), IdleSince());

    /// <summary>Ends one session of the account, or all but one; gives the ids of those that there were.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(long accountId, string? id = null, string? except = null)
    {
        var ended = await _store.RemoveAsync(accountId, id, except);
        Forget(ended);
        return ended;
    }

    private void Forget(IReadOnlyList<string> ids)
    {
        lock (_changing)
        {
            _changes++;
            foreach (var id in ids)
                _live.TryRemove(id, out _);
        }
    }

    /// <summary>Not when any ended while it was read: it may be one of them.</summary>
    private void TryRemember(PageSession session, long changes)
    {
        lock (_changing)
        {
            if (_changes != changes)
                return;
            if (_live.Count >= MaxRemembered)
                _live.Clear();
            _live[session.Id] = session;
        }
    }

    private bool IsWithinLife(PageSession session) =>
        session.CreatedAt > BegunBefore() && session.SeenAt >= IdleSince();

    private long BegunBefore() => Now() - (long)TimeSpan.FromDays(_options.Value.SessionDays).TotalMilliseconds;

    private long IdleSince() => Now() - (long)TimeSpan.FromHours(_options.Value.CookieHours).TotalMilliseconds;

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
