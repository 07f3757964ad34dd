using Npgsql;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Streams of several nodes, on their PostgreSQL.</summary>
internal sealed class PostgresSharedStreams(PostgresDatabase database) : ISharedStreams
{
    public Task<SharedStream?> TakeAsync(RoomKey room, long node, bool hasPublisher, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            var taken = await connection.FindAsync(
                row => new SharedStream(room, node, "", (StreamState)row.GetInt16(0), row.GetBoolean(1), row.GetInt32(2), row.GetInt32(3)),
                SharedStreamSql.Take, room.AppId, room.RoomId, node, hasPublisher);
            if (taken is not null)
                await TellAsync(connection, room);
            return taken;
        },
        cancellationToken);

    public Task<bool> NoteAsync(SharedStream stream, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            var (room, state) = (stream.Room, (short)stream.State);
            var isNoted = await connection.ExecuteAsync(
                SharedStreamSql.Note, room.AppId, room.RoomId, stream.Node, state, stream.HasPublisher, stream.Width, stream.Height) > 0;
            if (isNoted)
                await TellAsync(connection, room);
            return isNoted;
        },
        cancellationToken);

    public Task EndAsync(RoomKey room, long node, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            var ended = await connection.ExecuteAsync(SharedStreamSql.End, room.AppId, room.RoomId, node);
            if (ended > 0)
                await TellAsync(connection, room);
            return ended;
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<SharedStream>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.ListAsync(ToStream, SharedStreamSql.List), cancellationToken);

    public ValueTask<SharedStream?> FindAsync(RoomKey room, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.FindAsync(ToStream, SharedStreamSql.Find, room.AppId, room.RoomId), cancellationToken);

    private static Task TellAsync(NpgsqlConnection connection, RoomKey room) => connection.TellAsync(new Change(ChangeKind.Stream, room.AppId, room.RoomId));

    private static SharedStream ToStream(NpgsqlDataReader row) => new(
        new RoomKey(row.GetInt64(0), row.GetInt64(1)), row.GetInt64(2), row.GetString(3), (StreamState)row.GetInt16(4), row.GetBoolean(5), row.GetInt32(6), row.GetInt32(7));
}
