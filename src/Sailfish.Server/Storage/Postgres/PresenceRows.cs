using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A user's row in <c>presence</c>, which everything locks that decides whether the user is let in.</summary>
internal static class PresenceRows
{
    /// <summary>
    /// From now on nobody lets the user in until the transaction ends: a login that was before is seen by whoever looks for
    /// sessions after the commit, and one that comes after sees what was stored.
    /// </summary>
    public static Task LockUserAsync(this NpgsqlConnection connection, long appId, long userId) => connection.ExecuteAsync(
        $"""
        INSERT INTO presence (app_id, user_id, epoch) VALUES ($1, $2, {EraRows.FirstEpoch})
        ON CONFLICT (app_id, user_id) DO UPDATE SET epoch = presence.epoch
        """,
        appId, userId);
}
