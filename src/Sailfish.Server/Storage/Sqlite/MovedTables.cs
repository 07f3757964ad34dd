using System.Globalization;
using Sailfish.Server.Living;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// What of a SQLite database stands in a cluster's: all of it. Ids stay as they are, and with them what clients, apps and
/// other tables know.
/// </summary>
internal static class MovedTables
{
    /// <summary>In a cluster each message has a key; these are of a node that there never is, number 0. What the other store does not hold is no key that anybody sends again.</summary>
    private const string Key =
        "CASE WHEN client_msg_id IS NULL OR instr(client_msg_id, char(0)) > 0 THEN char(1) || printf('00000000-%010x', id) ELSE client_msg_id END";

    /// <summary>A stamp of a clock that was ahead would look stored lately for as long as that.</summary>
    private const string StoredAt = "max(0, min(created_at, @now))";

    /// <summary>In the order in which they are moved.</summary>
    public static IReadOnlyList<MovedTable> All { get; } =
    [
        new("conversation", "SELECT id, app_id, kind, low, high, last_seq, closed FROM conversation ORDER BY id"),
        // In the order in which they came, which is about that of their times: so the index on those is filled from one end.
        new("message", $"SELECT conversation_id, seq, app_id, sender_id, {Key} AS client_msg_id, biz_code, data, created_at, {StoredAt} AS stored_at FROM message ORDER BY id"),
        new("position", "SELECT user_id, conversation_id, acked_seq FROM position"),
        new(
            "unread",
            """
            SELECT u.app_id, u.user_id, u.conversation_id, coalesce(CASE u.user_id WHEN c.low THEN c.seq_for_low ELSE c.seq_for_high END, 0) AS last_seq
            FROM unread u LEFT JOIN conversation c ON c.id = u.conversation_id
            """),
        new("user_state", "SELECT app_id, user_id, revoked_before, suspended_until FROM user_state"),
        new("used_id", "SELECT app_id, user_id FROM used_id"),
        new("account", "SELECT id, name, name_key, password_hash, password_version, nick_name, avatar, created_at FROM account"),
        new("account_look", "SELECT look, account_id FROM account_look"),
        new("account_tag", "SELECT app_id, user_id, tag FROM account_tag"),
        new("media_secret", "SELECT id, secret FROM media_secret"),
        new("media_key", "SELECT app_id, user_id, generation FROM media_key"),
        new("page_session", "SELECT id, account_id, created_at, seen_at, address, agent FROM page_session"),
        new("room_restriction", "SELECT app_id, room_id, user_id, kind, until FROM room_restriction"),
        new("living_room", "SELECT id, app_id, anchor_id, type, name, started_at, likes, peak, announcement, edition FROM living_room"),
        new("living_room_record", "SELECT id, app_id, anchor_id, type, name, started_at, ended_at, likes, peak FROM living_room_record"),
        new("living_room_skipped", "SELECT first_id, last_id FROM living_room_skipped"),
        new("living_cover", "SELECT room_id, name, chosen, content FROM living_cover"),
        // Here it is looked for in the log; there a table says which ids were somebody's.
        new("used_room", string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT low AS room_id FROM conversation WHERE kind = 1 AND low >= {LivingRoom.FirstId} UNION SELECT id FROM living_room UNION SELECT id FROM living_room_record")),
        new("risk_record", "SELECT id, app_id, user_id, conversation, action, word, content, created_at FROM risk_record ORDER BY id"),
    ];
}
