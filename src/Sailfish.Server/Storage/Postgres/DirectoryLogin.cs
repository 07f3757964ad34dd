using Sailfish.Protocol.Bodies;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A session that is to be listed.</summary>
/// <param name="session">Which.</param>
/// <param name="node">On which node: its generation.</param>
/// <param name="isAgain">It was before, and may be still.</param>
internal sealed class DirectoryLogin(Session session, long node, bool isAgain) : DirectoryJob(session)
{
    private readonly TaskCompletionSource<SessionEntry> _entry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsAgain => isAgain;

    public Task<SessionEntry> Entry => _entry.Task;

    /// <summary>
    /// So many of the same user wait behind it that it would end as soon as they are written: it does so now, unwritten. Nothing
    /// when it is being written, or when nobody wants it any more.
    /// </summary>
    /// <param name="reasonFor">Why it ends, by its device.</param>
    public void Overtake(Func<string?, ByeReason> reasonFor)
    {
        if (!TryOvertake())
            return;
        var row = new SessionRow(Session.User, Session.Connection.Id, node, Session.DeviceId, Session.Platform, Session.Since);
        Settle(new SessionEntry(IsRefused: false, CameOnline: false, Epoch: 0, [(row, reasonFor(row.Device))]));
    }

    public void Settle(SessionEntry entry) => _entry.TrySetResult(entry);

    public override void Fail(Exception failure) => _entry.TrySetException(failure);

    public override void Cancel() => _entry.TrySetCanceled();
}
