using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// An era is the life of the tables that tell who is where: a crash of the database empties them, and the row of the era with
/// them. Whoever finds none begins one.
/// </summary>
internal static class EraRows
{
    /// <summary>
    /// Where the epochs of a user begin who has no row, in a statement: above all that an era before gave, also when this one has
    /// not been given its number yet, which comes from a sequence that outlives them.
    /// </summary>
    public const string FirstEpoch = "(coalesce((SELECT number FROM era), (SELECT last_value + is_called::int FROM era_number)) << 32)";

    /// <summary>Begins an era when there is none. Of two who do so at once, the later one waits for the other.</summary>
    private const string Insert =
        """
        INSERT INTO era (id, number) SELECT gen_random_uuid(), nextval('era_number') WHERE NOT EXISTS (SELECT FROM era)
        ON CONFLICT DO NOTHING
        """;

    public static Task BeginEraAsync(this NpgsqlConnection connection) => connection.ExecuteAsync(Insert);
}
