using System.Runtime.CompilerServices;
using Npgsql;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// What other nodes hear of within a second, whatever becomes of the bus: rows that are stored in the transaction of the change
/// itself.
/// </summary>
internal static class ChangeRows
{
    private const string Insert = "INSERT INTO change (kind, app_id, a, b, word) VALUES ($1, $2, $3, $4, $5)";

    /// <summary>Connections by which something was told; each is one transaction's, and gone with it.</summary>
    private static readonly ConditionalWeakTable<NpgsqlConnection, object> Told = [];

    public static Task TellAsync(this NpgsqlConnection connection, Change change)
    {
        Told.AddOrUpdate(connection, Insert);
        return connection.ExecuteAsync(Insert, Values(change));
    }

    public static void Tell(this NpgsqlConnection connection, Change change)
    {
        Told.AddOrUpdate(connection, Insert);
        connection.Execute(Insert, Values(change));
    }

    /// <summary>Whether the transaction has told anything: then there is something to hurry for.</summary>
    public static bool HasTold(this NpgsqlConnection connection) => Told.TryGetValue(connection, out _);

    public static void Tell(this NpgsqlBatch batch, Change change) => batch.Add(Insert, Values(change));

    private static object[] Values(Change change) => [(short)change.Kind, OrNull(change.AppId), OrNull(change.A), OrNull(change.B), change.Word ?? (object)DBNull.Value];

    private static object OrNull(long? value) => value is { } number ? number : DBNull.Value;
}
