using Npgsql;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Living;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Which rooms' messages this node is to be brought: its own rows of <c>room_node</c>. While one statement is under way, what
/// comes next gathers for the one after it: so a room's rows are stored in the order in which they were asked for, and many who
/// join at once wait for few statements.
/// </summary>
internal sealed class PostgresRoomRoutes(PostgresDatabase database, NodeLease lease, TimeProvider time) : IRoomRoutes
{
    /// <summary>Rooms of one statement.</summary>
    private const int MaxRooms = 1000;

    /// <summary>How long a lease that has ended may take to be renewed before who joins is told that it failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Queue<RoomRoutesBatch> _waiting = new();
    private RoomRoutesBatch? _next;
    private bool _isWriting;

    public ValueTask AttendAsync(RoomKey room, CancellationToken cancellationToken) => AddAsync(room, isWanted: true, cancellationToken);

    public ValueTask LeaveAsync(RoomKey room, CancellationToken cancellationToken) => AddAsync(room, isWanted: false, cancellationToken);

    private ValueTask AddAsync(RoomKey room, bool isWanted, CancellationToken cancellationToken)
    {
        Task done;
        lock (_lock)
        {
            if (_next is null or { Count: >= MaxRooms })
                _waiting.Enqueue(_next = new RoomRoutesBatch());
            _next.Add(room, isWanted);
            done = _next.Done;
            if (_isWriting)
                return new ValueTask(done.WaitAsync(cancellationToken));
            _isWriting = true;
        }

        _ = WriteAllAsync();
        return new ValueTask(done.WaitAsync(cancellationToken));
    }

    private async Task WriteAllAsync()
    {
        while (TryTake() is { } batch)
        {
            try
            {
                await WriteAsync(batch);
                batch.Stored();
            }
#pragma warning disable CA1031 // it is thrown where it was asked for
            catch (Exception failure)
#pragma warning restore CA1031
            {
                batch.Failed(failure);
            }
        }
    }

    /// <summary>Null when nothing waits: then whoever comes next begins anew.</summary>
    private RoomRoutesBatch? TryTake()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var batch))
            {
                if (batch == _next)
                    _next = null;
                return batch;
            }

            _isWriting = false;
            return null;
        }
    }

    private async Task WriteAsync(RoomRoutesBatch batch)
    {
        var (wanted, left) = (batch.Wanted.ToArray(), batch.Left.ToArray());
        for (var started = time.GetTimestamp(); ; await Task.Delay(BetweenTries, time))
        {
            // Anew each time: the node may have got another number meanwhile.
            if (await database.WriteAsync(connection => TryChangeAsync(connection, lease.Generation, wanted, left)) || wanted.Length == 0)
                return;
            if (time.GetElapsedTime(started) >= Patience)
                throw new TimeoutException("The node's lease has ended.");
        }
    }

    private static async Task<bool> TryChangeAsync(NpgsqlConnection connection, long node, RoomKey[] wanted, RoomKey[] left) =>
        await connection.NumberAsync(
            RoomRoutesSql.Change,
            node,
            wanted.Select(room => room.AppId).ToArray(), wanted.Select(room => room.RoomId).ToArray(),
            left.Select(room => room.AppId).ToArray(), left.Select(room => room.RoomId).ToArray(),
            LivingRoom.FirstId) == 1;
}
