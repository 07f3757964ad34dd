using Npgsql;
using NpgsqlTypes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>The commands of one append, in one batch: they go out together, and their answers come together.</summary>
internal sealed class AppendCommands
{
    /// <param name="connection">On which they run.</param>
    /// <param name="values">What they append.</param>
    /// <param name="also">Adds commands to the transaction, which give no rows.</param>
    public AppendCommands(NpgsqlConnection connection, AppendValues values, Action<NpgsqlBatch>? also = null)
    {
        Routes = values.NewRoutes();
        Batch = connection.CreateBatch();
        Batch.BatchCommands.Add(new NpgsqlBatchCommand(AppendSql.Begin));
        Batch.BatchCommands.Add(values.NewLock());
        Batch.BatchCommands.Add(values.NewAppend(Node, End));
        also?.Invoke(Batch);
        Batch.BatchCommands.Add(Commit);
        Batch.BatchCommands.Add(Routes);
    }

    public NpgsqlBatch Batch { get; }

    public NpgsqlBatchCommand Commit { get; } = new(AppendSql.Commit);

    public NpgsqlBatchCommand Routes { get; }

    /// <summary>In whose name it is appended.</summary>
    public NpgsqlParameter<long> Node { get; } = new() { NpgsqlDbType = NpgsqlDbType.Bigint };

    /// <summary>The number of the message that ends its conversation.</summary>
    public NpgsqlParameter<long> End { get; } = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
}
