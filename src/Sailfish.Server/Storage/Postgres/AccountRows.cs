using Npgsql;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Rows of <c>account</c>.</summary>
internal static class AccountRows
{
    /// <summary>What <see cref="ToAccount"/> reads.</summary>
    public const string Columns = "id, name, password_hash, nick_name, avatar, password_version";

    public static Account ToAccount(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetInt64(5));
}
