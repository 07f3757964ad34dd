using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Living rooms of several nodes, on their PostgreSQL.</summary>
internal sealed class PostgresSharedLiving(PostgresDatabase database, PostgresMessageLog log, NodeLease lease) : ISharedLiving
{
    private const int ViewersColumn = 10;

    /// <summary>The last id first: whatever is true of ids up to it is in what is read after it.</summary>
    public ValueTask<LivingNews> ReadNewsAsync(long after, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => new LivingNews(
            await connection.NumberAsync(LivingRows.LastId) ?? LivingRoom.FirstId - 1,
            await connection.ListAsync(LivingRows.ToRoom, SharedLivingSql.News, after),
            await connection.ListAsync(row => new IdRange(row.GetInt64(0), row.GetInt64(1)), SharedLivingSql.Skipped, after)),
        cancellationToken);

    public ValueTask<LivingRoomRow?> FindOpenAsync(long id, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.FindAsync(LivingRows.ToRoom, SharedLivingSql.FindOpen, id), cancellationToken);

    public ValueTask<IReadOnlyList<SharedRoom>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ListAsync(row => new SharedRoom(LivingRows.ToRoom(row), row.GetInt32(ViewersColumn)), SharedLivingSql.List, lease.Generation),
        cancellationToken);

    public Task<int> NoteAnchorsAsync(IReadOnlyList<long> rooms, CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.ExecuteAsync(SharedLivingSql.NoteAnchors, (object)rooms.ToArray()), cancellationToken);

    public ValueTask<IReadOnlyList<long>> ListDesertedAsync(TimeSpan away, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ListAsync(row => row.GetInt64(0), SharedLivingSql.ListDeserted, away, SharedAnchorWatch.Lead, lease.Generation),
        cancellationToken);

    public ValueTask CloseDesertedAsync(LivingCounts last, Submission end, TimeSpan away) => log.AppendAsync(
        end,
        batch =>
        {
            batch.Add(
                SharedLivingSql.CloseDeserted,
                away, SharedAnchorWatch.Lead, lease.Generation, last.RoomId, end.Conversation.AppId, (short)ConversationKind.Room, end.Time, last.Likes, last.Peak);
            batch.Tell(new Change(ChangeKind.LivingRoom, end.Conversation.AppId, last.RoomId));
        });
}
