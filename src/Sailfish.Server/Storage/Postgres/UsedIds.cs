using Npgsql;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>User ids that are somebody's, within a transaction that has to do with one.</summary>
internal static class UsedIds
{
    /// <summary>The farthest jump. Nobody uses so many ids that several such jumps all meet one.</summary>
    private const long MaxReach = 1L << 36;
    private const int Growth = 16;

    private const string IsUsed =
        """
        SELECT EXISTS (SELECT FROM used_id WHERE app_id = $1 AND user_id = $2)
          OR EXISTS (SELECT FROM conversation WHERE app_id = $1 AND kind = 0 AND low = $2)
          OR EXISTS (SELECT FROM conversation WHERE app_id = $1 AND kind = 0 AND high = $2)
        """;

    /// <summary>Something is stored of the user, which may be deleted again. Below the accounts' ids nobody asks.</summary>
    public static async Task NoteUsedAsync(this NpgsqlConnection connection, long appId, long userId)
    {
        if (userId >= Account.FirstId)
            await connection.TryTakeIdAsync(appId, userId);
    }

    /// <summary>Whether anything was ever stored of the user.</summary>
    public static Task<bool> IsUsedAsync(this NpgsqlConnection connection, long appId, long userId) => connection.IsAsync(IsUsed, appId, userId);

    /// <summary>
    /// Takes the first id from <paramref name="id"/> on that is nobody's, or one after it: each used id makes the next jump
    /// longer, at random, so that a block of any length is left behind in a few looks. Whoever notes the same id meanwhile
    /// waits until the transaction ends, and whoever was before keeps it.
    /// </summary>
    public static async Task<long> TakeFreeIdAsync(this NpgsqlConnection connection, long appId, long id)
    {
        for (var reach = 1L; reach <= MaxReach && id < Ids.FirstGuest; reach *= Growth)
        {
            if (!await connection.IsUsedAsync(appId, id) && await connection.TryTakeIdAsync(appId, id))
                return id;
            id += 1 + Random.Shared.NextInt64(reach);
        }

        throw new InvalidOperationException("No free user id was found.");
    }

    private static async Task<bool> TryTakeIdAsync(this NpgsqlConnection connection, long appId, long userId) =>
        await connection.ExecuteAsync("INSERT INTO used_id (app_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", appId, userId) == 1;
}
