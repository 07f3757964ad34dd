using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A node goes, by itself or because it was given up, and with it what it had: in one transaction.</summary>
internal static class NodeRemoval
{
    /// <summary>Waits for what the node appends at the moment, and finds nothing when it has renewed its lease.</summary>
    private const string DeleteSilent = "DELETE FROM node WHERE generation = $1 AND lease_until = $2";

    /// <summary>Of a node with some hundred thousand users on a busy machine it takes seconds: it must not be given up half way, again and again.</summary>
    private const int LongestSeconds = 60;

    private const string TakeTime = "SET LOCAL statement_timeout = '60s'";
    private const string Delete = "DELETE FROM node WHERE generation = $1";
    private const string DeleteStreams = "DELETE FROM stream WHERE node = $1";
    private const string DeleteRooms = "DELETE FROM room_node WHERE node = $1";

    /// <summary>Locks its users as a login does, and in the same order: nobody waits in a circle.</summary>
    private const string LockUsers =
        """
        SELECT count(*) FROM (
          SELECT FROM presence p JOIN (SELECT DISTINCT app_id, user_id FROM session WHERE node = $1) s USING (app_id, user_id)
          ORDER BY p.app_id, p.user_id FOR NO KEY UPDATE OF p) locked
        """;

    private const string DeleteSessions =
        """
        WITH gone AS (
          DELETE FROM session WHERE node = $1 RETURNING app_id, user_id
        ), offline AS (
          SELECT DISTINCT app_id, user_id FROM gone g
          WHERE NOT EXISTS (SELECT FROM session s WHERE s.app_id = g.app_id AND s.user_id = g.user_id AND s.node <> $1)
        )
        UPDATE presence p SET epoch = p.epoch + 1 FROM offline o WHERE p.app_id = o.app_id AND p.user_id = o.user_id
        RETURNING p.app_id, p.user_id, p.epoch
        """;

    /// <summary>Users who have no session any more.</summary>
    public static async Task<IReadOnlyList<WentOffline>> RemoveNodeAsync(this NpgsqlConnection connection, long generation)
    {
        await connection.ExecuteAsync(Delete, generation);
        return await connection.RemoveWhatItHadAsync(generation);
    }

    /// <summary>Likewise; null when the node has renewed its lease since, or is gone already.</summary>
    public static async Task<IReadOnlyList<WentOffline>?> TryRemoveSilentNodeAsync(this NpgsqlConnection connection, long generation, DateTime leaseUntil) =>
        await connection.ExecuteAsync(DeleteSilent, generation, leaseUntil) == 1 ? await connection.RemoveWhatItHadAsync(generation) : null;

    private static async Task<IReadOnlyList<WentOffline>> RemoveWhatItHadAsync(this NpgsqlConnection connection, long generation)
    {
        await connection.ExecuteAsync(TakeTime);
        await connection.ExecuteAsync(DeleteStreams, generation);
        await connection.ExecuteAsync(DeleteRooms, generation);
        await using var lockUsers = connection.Command(LockUsers, generation);
        lockUsers.CommandTimeout = LongestSeconds;
        await lockUsers.ExecuteNonQueryAsync();
        return await DeleteSessionsAsync(connection, generation);
    }

    private static async Task<IReadOnlyList<WentOffline>> DeleteSessionsAsync(NpgsqlConnection connection, long generation)
    {
        await using var command = connection.Command(DeleteSessions, generation);
        command.CommandTimeout = LongestSeconds;
        await using var rows = await command.ExecuteReaderAsync();
        List<WentOffline> offline = [];
        while (await rows.ReadAsync())
            offline.Add(new WentOffline(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2)));
        return offline;
    }
}
