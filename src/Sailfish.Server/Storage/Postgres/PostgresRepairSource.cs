using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Reads for a node what did not come to it.</summary>
internal sealed class PostgresRepairSource : IRepairSource
{
    /// <summary>Messages that are read ahead of whoever takes them.</summary>
    private const int Ahead = 512;

    private readonly PostgresDatabase _database;
    private readonly NodeLease _lease;
    private readonly GatheredReads<RoomKey, RoomNewest> _newest;

    public PostgresRepairSource(PostgresDatabase database, NodeLease lease)
    {
        (_database, _lease) = (database, lease);
        _newest = new(rooms => ReadNewestAsync(rooms, CancellationToken.None).AsTask());
    }

    public async ValueTask<DateTimeOffset> ReadHorizonAsync(CancellationToken cancellationToken)
    {
        var horizon = await _database.ReadAsync(
            async connection =>
            {
                await using var command = connection.Command(ChangeReads.Horizon);
                return (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken);
        return new DateTimeOffset(horizon);
    }

    public async ValueTask<IReadOnlyDictionary<RoomKey, RoomNewest>> ReadNewestAsync(IReadOnlyCollection<RoomKey> rooms, CancellationToken cancellationToken)
    {
        var (apps, ids) = (rooms.Select(room => room.AppId).ToArray(), rooms.Select(room => room.RoomId).ToArray());
        var rows = await _database.ReadAsync(
            connection => connection.ListAsync(
                row => (Room: new RoomKey(row.GetInt64(0), row.GetInt64(1)), Newest: new RoomNewest(row.GetInt64(2), row.GetBoolean(3))),
                RepairSql.Newest, apps, ids, (short)ConversationKind.Room),
            cancellationToken);
        return rows.ToDictionary(row => row.Room, row => row.Newest);
    }

    public async ValueTask<RoomNewest?> ReadNewestAsync(RoomKey room, CancellationToken cancellationToken) => await _newest.FindAsync(room, cancellationToken);

    /// <summary>Who takes them may be slower than the database: a few wait between the two, so that not all of them are in memory.</summary>
    public async IAsyncEnumerable<StoredMessage> ReadStoredAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var messages = Channel.CreateBounded<StoredMessage>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadStoredAsync(since, messages.Writer, stop.Token);
        try
        {
            await foreach (var message in messages.Reader.ReadAllAsync(cancellationToken))
                yield return message;
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    public async ValueTask<IReadOnlyList<StoredMessage>> ReadPlacesAsync(IReadOnlyCollection<LogPlace> places, CancellationToken cancellationToken)
    {
        var keys = places.Select(place => (place.ConversationId, place.Conversation)).Distinct().ToDictionary(key => key.ConversationId, key => key.Conversation);
        return await _database.ReadAsync(
            connection => connection.ListAsync(
                row => MessageRows.ToMessage(row, keys[row.GetInt64(0)]),
                RepairSql.Places,
                places.Select(place => place.ConversationId).ToArray(), places.Select(place => place.FirstSeq).ToArray(), places.Select(place => place.LastSeq).ToArray()),
            cancellationToken);
    }

    /// <summary>Never throws: what fails is told to the reader.</summary>
    private async Task ReadStoredAsync(DateTimeOffset since, ChannelWriter<StoredMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            await _database.ReadAsync(
                async connection =>
                {
                    await using var command = connection.Command(RepairSql.Stored, since.UtcDateTime, _lease.Generation, (short)ConversationKind.Direct);
                    await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                    while (await rows.ReadAsync(cancellationToken))
                        await messages.WriteAsync(MessageRows.ToMessage(rows, KeyOf(rows)), cancellationToken);
                    return true;
                },
                cancellationToken);
            messages.Complete();
        }
#pragma warning disable CA1031 // it is thrown where it is read
        catch (Exception failure)
#pragma warning restore CA1031
        {
            messages.Complete(failure);
        }
    }

    private static ConversationKey KeyOf(NpgsqlDataReader row) => new(row.GetInt64(6), (ConversationKind)row.GetInt16(7), row.GetInt64(8), row.GetInt64(9));
}
