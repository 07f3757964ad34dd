using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A session that is not to be listed any more.</summary>
internal sealed class DirectoryLogout(Session session) : DirectoryJob(session)
{
    private readonly TaskCompletionSource<SessionExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<SessionExit> Exit => _exit.Task;

    public void Settle(SessionExit exit) => _exit.TrySetResult(exit);

    public override void Fail(Exception failure) => _exit.TrySetException(failure);

    public override void Cancel() => _exit.TrySetResult(default);
}
