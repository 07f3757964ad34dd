using Npgsql;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// What other nodes hear of within a second, whatever becomes of the bus: rows that are stored in the transaction of the change
/// itself.
/// </summary>
internal static class ChangeRows
{
    private const string Insert = "INSERT INTO change (kind, app_id, a, b) VALUES ($1, $2, $3, $4)";

    public static Task TellAsync(this NpgsqlConnection connection, Change change) => connection.ExecuteAsync(Insert, Values(change));

    public static void Tell(this NpgsqlConnection connection, Change change) => connection.Execute(Insert, Values(change));

    public static void Tell(this NpgsqlBatch batch, Change change) => batch.Add(Insert, Values(change));

    private static object[] Values(Change change) => [(short)change.Kind, OrNull(change.AppId), OrNull(change.A), OrNull(change.B)];

    private static object OrNull(long? value) => value is { } number ? number : DBNull.Value;
}
