using Npgsql;
using NpgsqlTypes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>The commands of one append, in one batch: they go out together, and their answers come together.</summary>
internal sealed class AppendCommands
{
    private readonly AppendValues _values;
    private readonly NpgsqlParameter<long> _node = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<long> _end = new() { NpgsqlDbType = NpgsqlDbType.Bigint };

    /// <param name="connection">On which they run.</param>
    /// <param name="values">What they append.</param>
    /// <param name="also">Adds commands to the transaction, which give no rows.</param>
    public AppendCommands(NpgsqlConnection connection, AppendValues values, Action<NpgsqlBatch>? also = null)
    {
        _values = values;
        Routes = values.NewRoutes();
        Batch = connection.CreateBatch();
        Batch.BatchCommands.Add(new NpgsqlBatchCommand(AppendSql.Begin));
        Batch.BatchCommands.Add(values.NewLock());
        Batch.BatchCommands.Add(values.NewAppend(_node, _end));
        also?.Invoke(Batch);
        Batch.BatchCommands.Add(Commit);
        Batch.BatchCommands.Add(Routes);
    }

    public NpgsqlBatch Batch { get; }

    public NpgsqlBatchCommand Commit { get; } = new(AppendSql.Commit);

    public NpgsqlBatchCommand Routes { get; }

    /// <param name="batch">What is appended, in place of the one before.</param>
    /// <param name="node">In whose name.</param>
    public void Set(AppendBatch batch, long node)
    {
        _values.Set(batch);
        _node.TypedValue = node;
        _end.TypedValue = batch.End;
    }
}
