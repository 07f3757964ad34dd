using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>The statement by which used ids are noted; the writer's alone.</summary>
internal sealed class UsedIdStatements : PreparedStatements
{
    private readonly sqlite3_stmt _add;

    public UsedIdStatements(SqliteConnection connection)
        : base(connection) =>
        _add = Prepare("INSERT OR IGNORE INTO used_id (app_id, user_id) VALUES (?1, ?2)");

    public void Add(long appId, long userId)
    {
        Bind(_add, 1, appId);
        Bind(_add, 2, userId);
        Run(_add);
    }
}
