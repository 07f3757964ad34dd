using Microsoft.Data.Sqlite;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Takes part in all transactions of the writer, whatever jobs they have. Called on the writer's thread.</summary>
internal interface ICommitHook
{
    /// <summary>In the transaction, after its jobs.</summary>
    void Committing(SqliteConnection connection);

    /// <summary>The transaction is on disk; its jobs are told after this.</summary>
    void Committed();

    /// <summary>Nothing of the transaction is there.</summary>
    void RolledBack();

    /// <summary>The jobs of a batch were told, and of the transactions that it took, whether they were committed or not.</summary>
    void BatchDone();

    /// <summary>After the last write.</summary>
    void Stopped();
}
