using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Turns in the cluster: whoever takes one is the only one until its transaction ends, and what it reads from then on is what the
/// one before it has stored.
/// </summary>
internal static class Turns
{
    public const string Accounts = "accounts";
    public const string Apps = "apps";
    public const string Living = "living";

    /// <summary>Locks a row that is always there, of a statement's own: so the next one has a younger snapshot.</summary>
    private const string Take = "SELECT name FROM lease WHERE name = $1 FOR NO KEY UPDATE";

    public static Task TakeTurnAsync(this NpgsqlConnection connection, string name) => connection.ExecuteAsync(Take, name);

    public static void TakeTurn(this NpgsqlConnection connection, string name) => connection.Execute(Take, name);
}
