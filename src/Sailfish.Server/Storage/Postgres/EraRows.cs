using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// An era is the life of the tables that tell who is where: a crash of the database empties them, and the row of the era with
/// them. Whoever finds none begins one.
/// </summary>
internal static class EraRows
{
    /// <summary>
    /// Where a user's epochs begin in this era, in a statement: above all of the eras before, whose number comes from a sequence
    /// that outlives them. Nothing when the row is missing: <see cref="Insert"/> comes first.
    /// </summary>
    public const string FirstEpoch = "((SELECT number FROM era) << 32)";

    /// <summary>Begins an era when there is none. Of two who do so at once, the later one waits for the other.</summary>
    public const string Insert =
        """
        INSERT INTO era (id, number) SELECT gen_random_uuid(), nextval('era_number') WHERE NOT EXISTS (SELECT FROM era)
        ON CONFLICT DO NOTHING
        """;

    public static Task BeginEraAsync(this NpgsqlConnection connection) => connection.ExecuteAsync(Insert);
}
