using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A session that is to be listed.</summary>
/// <param name="session">Which.</param>
/// <param name="isAgain">It was before, and may be still.</param>
internal sealed class DirectoryLogin(Session session, bool isAgain) : DirectoryJob(session)
{
    private readonly TaskCompletionSource<SessionEntry> _entry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsAgain => isAgain;

    public Task<SessionEntry> Entry => _entry.Task;

    public void Settle(SessionEntry entry) => _entry.TrySetResult(entry);

    public override void Fail(Exception failure) => _entry.TrySetException(failure);

    public override void Cancel() => _entry.TrySetCanceled();
}
