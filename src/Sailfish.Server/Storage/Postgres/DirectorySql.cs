using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Logins and logouts of one node, no user twice: commands of one batch, and so of one transaction, in this order. Arrays are
/// of one length.
/// </summary>
internal static class DirectorySql
{
    /// <summary>
    /// Holds back who gives the node up, until the commit ($1 generation). The commit need not wait for the disk or for a
    /// standby: a crash empties all these tables, and the nodes write them anew.
    /// </summary>
    public const string Begin =
        $"""
        SELECT set_config('synchronous_commit', 'off', true), {PlanSql.LookUp}
        FROM node WHERE generation = $1 FOR KEY SHARE
        """;

    /// <summary>
    /// Locks the users in one order, the same on every node ($1 app_id[], $2 user_id[]). What comes after it has a younger
    /// snapshot, and sees what the one before has stored.
    /// </summary>
    public const string Lock =
        $"""
        INSERT INTO presence AS p (app_id, user_id, epoch)
        SELECT t.app_id, t.user_id, {EraRows.FirstEpoch} + 1 FROM unnest($1, $2) AS t(app_id, user_id) ORDER BY t.app_id, t.user_id
        ON CONFLICT (app_id, user_id) DO UPDATE SET epoch = p.epoch + 1
        """;

    /// <summary>
    /// Logins: $1 generation, $2 app_id[], $3 user_id[], $4 connection_id[], $5 device[], $6 platform[], $7 age[] in milliseconds,
    /// $8 minted_at[], $9 sessions of a user at the most. A login is as old as its node says, by the time at which the
    /// transaction began: of a device the later one stays, whoever is stored first. What lies ahead of the clock is from before
    /// it was set back. Row n = 0 comes back when the lease holds, else nothing was stored; a refused login has one row without
    /// is_new; another one has its own, and one for each session that goes for it.
    /// </summary>
    public static readonly string Enter =
        $"""
        WITH alive AS MATERIALIZED (
          SELECT 1 FROM node WHERE generation = $1 AND lease_until > clock_timestamp() FOR KEY SHARE
        ), moment AS MATERIALIZED (
          SELECT floor(extract(epoch FROM now()) * 1000)::bigint AS began, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS present FROM alive
        ), login AS MATERIALIZED (
          SELECT t.n, t.app_id, t.user_id, t.connection_id, t.device, t.platform, m.began - t.age AS since, m.present,
            (SELECT p.epoch FROM presence p WHERE p.app_id = t.app_id AND p.user_id = t.user_id) AS epoch,
            EXISTS (SELECT FROM user_state u WHERE u.app_id = t.app_id AND u.user_id = t.user_id
              AND (u.revoked_before >= t.minted_at OR u.suspended_until > m.present)) AS is_refused
          FROM moment m, unnest($2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY AS t(app_id, user_id, connection_id, device, platform, age, minted_at, n)
        ), listed AS MATERIALIZED (
          SELECT l.n, l.app_id, l.user_id, l.epoch, s.*
          FROM login l CROSS JOIN LATERAL (
            SELECT b.connection_id, b.node, b.device, b.platform, b.since, b.is_new, b.was_online,
              CASE
                WHEN b.is_replaced THEN 'replaced'
                WHEN row_number() OVER (PARTITION BY b.is_replaced ORDER BY b.place DESC, b.is_new DESC, b.connection_id DESC) > $9 THEN 'too_many_sessions'
              END AS reason
            FROM (
              SELECT a.*, bool_or(a.is_live) OVER () AS was_online,
                a.device IS NOT NULL AND row_number() OVER (PARTITION BY a.device ORDER BY a.place DESC, a.is_new DESC, a.connection_id DESC) > 1 AS is_replaced
              FROM (
                SELECT s.connection_id, s.node, s.device, s.platform, s.since, CASE WHEN s.since > l.present THEN 0 ELSE s.since END AS place,
                  false AS is_new, EXISTS (SELECT FROM node o WHERE o.generation = s.node AND o.lease_until > clock_timestamp()) AS is_live
                FROM session s WHERE s.app_id = l.app_id AND s.user_id = l.user_id AND s.connection_id <> l.connection_id
                UNION ALL
                SELECT l.connection_id, $1, l.device, l.platform, l.since, l.since, true, false
              ) a
            ) b
          ) s
          WHERE NOT l.is_refused
        ), removed AS (
          DELETE FROM session s USING listed l
          WHERE l.reason IS NOT NULL AND s.app_id = l.app_id AND s.user_id = l.user_id AND s.connection_id = l.connection_id
        ), told AS (
          INSERT INTO change (kind, app_id, a, b, word)
          SELECT {(short)ChangeKind.Connection}, app_id, connection_id, node, reason FROM listed WHERE reason IS NOT NULL AND NOT is_new
        ), entered AS (
          INSERT INTO session (app_id, user_id, connection_id, node, device, platform, since)
          SELECT app_id, user_id, connection_id, node, device, platform, since FROM listed WHERE is_new AND reason IS NULL
          ON CONFLICT (app_id, user_id, connection_id) DO NOTHING
        )
        SELECT n, is_new, connection_id, node, device, platform, since, reason, was_online, epoch FROM listed WHERE is_new OR reason IS NOT NULL
        UNION ALL
        SELECT n, NULL, connection_id, $1, device, platform, since, NULL, false, epoch FROM login WHERE is_refused
        UNION ALL
        SELECT 0, NULL, 0, $1, NULL, NULL, 0, NULL, false, 0 FROM alive
        """;

    /// <summary>
    /// Logouts: $1 app_id[], $2 user_id[], $3 connection_id[]. Those that are not there have gone for others, and come back with
    /// no row.
    /// </summary>
    public const string Leave =
        """
        WITH gone AS (
          DELETE FROM session s USING unnest($1, $2, $3) WITH ORDINALITY AS t(app_id, user_id, connection_id, n)
          WHERE s.app_id = t.app_id AND s.user_id = t.user_id AND s.connection_id = t.connection_id
          RETURNING t.n, t.app_id, t.user_id, t.connection_id
        )
        SELECT g.n, p.epoch, EXISTS (
          SELECT FROM session s JOIN node o ON o.generation = s.node
          WHERE s.app_id = g.app_id AND s.user_id = g.user_id AND s.connection_id <> g.connection_id AND o.lease_until > clock_timestamp()) AS is_left
        FROM gone g JOIN presence p ON p.app_id = g.app_id AND p.user_id = g.user_id
        """;

    /// <summary>A user's sessions on nodes that live: $1 app_id, $2 user_id.</summary>
    public const string Find =
        """
        SELECT s.connection_id, s.node, s.device, s.platform, s.since FROM session s JOIN node o ON o.generation = s.node
        WHERE s.app_id = $1 AND s.user_id = $2 AND o.lease_until > clock_timestamp() ORDER BY s.since, s.connection_id
        """;

    /// <summary>How many users have one: $1 app_id.</summary>
    public const string Count =
        """
        SELECT count(DISTINCT s.user_id) FROM session s JOIN node o ON o.generation = s.node
        WHERE s.app_id = $1 AND o.lease_until > clock_timestamp()
        """;

    /// <summary>Who of many has one: $1 app_id, $2 user_id[].</summary>
    public const string Online =
        """
        SELECT DISTINCT s.user_id FROM session s JOIN node o ON o.generation = s.node
        WHERE s.app_id = $1 AND s.user_id = ANY ($2) AND o.lease_until > clock_timestamp()
        """;
}
