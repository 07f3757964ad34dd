using Microsoft.Data.Sqlite;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>One write of a batch. Runs on the writer's thread, inside its transaction.</summary>
internal abstract class WriteJob
{
    public abstract void Execute(SqliteConnection connection);

    /// <summary>The transaction is on disk.</summary>
    public abstract void Committed();

    /// <summary>Nothing of this job was stored.</summary>
    public abstract void Failed(Exception failure);
}

/// <summary>A write that somebody waits for.</summary>
internal sealed class AwaitedWriteJob(Action<SqliteConnection> write) : WriteJob
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Execute(SqliteConnection connection) => write(connection);

    public override void Committed() => _done.TrySetResult();

    public override void Failed(Exception failure) => _done.TrySetException(failure);
}
