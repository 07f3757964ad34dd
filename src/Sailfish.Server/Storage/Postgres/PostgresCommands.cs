using Npgsql;
using Sailfish.Server.Text;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Statements with their values, in short. A value is written by its type; $1 is the first.</summary>
internal static class PostgresCommands
{
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(Parameter(value));
        return command;
    }

    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(Parameter(value));
        batch.BatchCommands.Add(command);
        return command;
    }

    /// <summary>
    /// Not what the database refuses as a text: where it does so while a statement is being prepared, the driver takes the
    /// statement for prepared, and whoever uses the connection next fails.
    /// </summary>
    private static NpgsqlParameter Parameter(object value)
    {
        var isStorable = value switch
        {
            string text => Characters.AreStorable(text),
            string[] texts => texts.All(Characters.AreStorable),
            _ => true,
        };
        return isStorable ? new NpgsqlParameter { Value = value } : throw new UnstorableTextException();
    }
}
