using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>The values of one append; used again by the next one.</summary>
internal abstract class AppendValues
{
    /// <summary>Takes those of a batch, in place of the ones before.</summary>
    public abstract void Set(AppendBatch batch);

    public abstract NpgsqlBatchCommand NewLock();

    public abstract NpgsqlBatchCommand NewAppend(NpgsqlParameter<long> node, NpgsqlParameter<long> end);

    public abstract NpgsqlBatchCommand NewRoutes();

    protected static NpgsqlBatchCommand NewCommand(string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value);
        return command;
    }
}
