namespace Sailfish.Server.Storage.Postgres;

/// <summary>The statements by which nodes tell each other of their streams. $1 is the app, $2 the room, $3 the node.</summary>
internal static class SharedStreamSql
{
    /// <summary>
    /// After a takeover none follows for five seconds, for as long as the one who took it publishes. Until the new publisher has a
    /// picture, the stream is as it was. $4: the node has a publisher already.
    /// </summary>
    public const string Take =
        $"""
        INSERT INTO stream AS s (app_id, room_id, node) SELECT $1, $2, generation FROM node WHERE generation = $3
        ON CONFLICT (app_id, room_id) DO UPDATE SET
          node = excluded.node, has_publisher = true, since = clock_timestamp(),
          state = CASE WHEN {IsHeld} THEN s.state ELSE 0 END,
          taken_at = CASE WHEN {IsPublished} THEN clock_timestamp() ELSE '-infinity' END
        WHERE NOT ({IsPublished} AND s.taken_at > clock_timestamp() - interval '5 s')
        RETURNING state, has_publisher, width, height
        """;

    /// <summary>Changes nothing where another node has the stream. $4 is the state, $5 whether somebody publishes, $6 and $7 the size.</summary>
    public const string Note =
        $"""
        INSERT INTO stream AS s (app_id, room_id, node, state, has_publisher, width, height)
        SELECT $1, $2, generation, $4, $5, $6, $7 FROM node WHERE generation = $3
        ON CONFLICT (app_id, room_id) DO UPDATE SET
          node = excluded.node, state = excluded.state, has_publisher = excluded.has_publisher, width = excluded.width, height = excluded.height
        WHERE s.node = excluded.node OR NOT {IsHeld}
        """;

    public const string End = "DELETE FROM stream WHERE app_id = $1 AND room_id = $2 AND node = $3";

    public const string List =
        """
        SELECT app_id, room_id, node, advertise, state, has_publisher, width, height
        FROM stream JOIN node ON generation = node AND lease_until > clock_timestamp()
        """;

    public const string Find = $"{List} WHERE app_id = $1 AND room_id = $2";

    private const string IsHeld = "EXISTS (SELECT FROM node n WHERE n.generation = s.node AND n.lease_until > clock_timestamp())";

    private const string IsPublished = $"(s.has_publisher AND (s.node <> excluded.node OR $4) AND {IsHeld})";
}
