using Npgsql;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Tells the other nodes how many are in this node's rooms, and reads what they tell, by one statement for all rooms: a room
/// costs the same however many join and leave.
/// </summary>
internal sealed class PostgresRoomCounts(PostgresDatabase database, NodeLease lease, RoomTable rooms, TimeProvider time, ILogger<PostgresRoomCounts> logger)
    : RepeatedWork(Interval, time), IRoomCounts
{
    /// <summary>
    /// A node writes after so long, and another one reads after so long: together less than the three seconds that a sum may
    /// be old.
    /// </summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1400);

    private readonly RoomCountMemory _memory = new(time);
    private readonly GatheredReads<RoomKey, RoomElsewhere> _reads = new(keys => database.ReadAsync(connection => ReadAsync(connection, lease, keys)).AsTask());
    private bool _hadRooms;
    private bool _isAway;

    public RoomElsewhere? Find(RoomKey room) => _memory.Find(room);

    public async ValueTask<RoomElsewhere> ReadAsync(RoomKey room, CancellationToken cancellationToken)
    {
        var elsewhere = await _reads.FindAsync(room, cancellationToken) ?? RoomElsewhere.Nobody;
        _memory.Keep(room, elsewhere);
        return elsewhere;
    }

    protected override async Task DoAsync(CancellationToken cancellationToken)
    {
        await ExchangeAsync(cancellationToken);
        _isAway = false;
    }

    /// <summary>Once: with the database away it is the same each time, and what was counted last is shown meanwhile.</summary>
    protected override void Failed(Exception fault)
    {
        if (!_isAway)
            PostgresLog.RoomsNotCounted(logger, fault);
        _isAway = true;
    }

    /// <summary>One turn.</summary>
    internal async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        List<Room> own = [.. rooms.All];
        var wanted = _memory.Wanted(own.Select(room => room.Key));
        // Rooms that were left since the last turn are told once more: that nobody is in them.
        if (wanted.Count == 0 && !_hadRooms)
            return;
        var found = await database.WriteAsync(connection => ExchangeAsync(connection, own, wanted), cancellationToken);
        _hadRooms = own.Count > 0;
        foreach (var room in wanted)
            _memory.Keep(room, found.GetValueOrDefault(room, RoomElsewhere.Nobody));
        foreach (var room in own)
            room.NotePeak(room.Viewers + found.GetValueOrDefault(room.Key, RoomElsewhere.Nobody).Viewers);
    }

    private async Task<IReadOnlyDictionary<RoomKey, RoomElsewhere>> ExchangeAsync(NpgsqlConnection connection, List<Room> own, IReadOnlyCollection<RoomKey> wanted)
    {
        var (node, apps, ids) = (lease.Generation, own.Select(room => room.Key.AppId).ToArray(), own.Select(room => room.Key.RoomId).ToArray());
        await using (var batch = connection.CreateBatch())
        {
            batch.Add(RoomCountSql.Begin);
            batch.Add(RoomCountSql.Count, node, apps, ids, own.Select(room => room.Viewers).ToArray(), own.Select(room => room.Peak).ToArray());
            batch.Add(RoomCountSql.Empty, node, apps, ids);
            await batch.ExecuteNonQueryAsync();
        }

        return await ReadAsync(connection, lease, wanted);
    }

    private static async Task<IReadOnlyDictionary<RoomKey, RoomElsewhere>> ReadAsync(NpgsqlConnection connection, NodeLease lease, IReadOnlyCollection<RoomKey> wanted)
    {
        var rows = await connection.ListAsync(
            row => (Room: new RoomKey(row.GetInt64(0), row.GetInt64(1)), Elsewhere: new RoomElsewhere(row.GetInt32(2), row.GetInt32(3), row.GetFieldValue<long[]>(4))),
            RoomCountSql.Read, lease.Generation, wanted.Select(room => room.AppId).ToArray(), wanted.Select(room => room.RoomId).ToArray());
        return rows.ToDictionary(row => row.Room, row => row.Elsewhere);
    }
}
