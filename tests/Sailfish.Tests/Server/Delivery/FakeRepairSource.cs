using System.Runtime.CompilerServices;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>A store in memory, and what it was asked for.</summary>
/// <param name="history">Its log.</param>
/// <param name="direct">The one-to-one conversation whose messages it gives.</param>
internal sealed class FakeRepairSource(FakeHistory history, ConversationKey direct) : IRepairSource
{
    public DateTimeOffset Horizon { get; set; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public bool IsAway { get; set; }

    /// <summary>Rooms that their last message ended.</summary>
    public HashSet<RoomKey> Closed { get; } = [];

    /// <summary>Since when messages were asked for.</summary>
    public List<DateTimeOffset> Asked { get; } = [];

    /// <summary>How many rooms were asked for at once.</summary>
    public List<int> Rooms { get; } = [];

    /// <summary>How many messages were asked for at once by their places.</summary>
    public List<long> Places { get; } = [];

    /// <summary>How often that failed.</summary>
    public int Refused { get; private set; }

    public ValueTask<DateTimeOffset> ReadHorizonAsync(CancellationToken cancellationToken) =>
        IsAway ? throw new IOException("The store is away.") : new(Horizon);

    public ValueTask<IReadOnlyDictionary<RoomKey, RoomNewest>> ReadNewestAsync(IReadOnlyCollection<RoomKey> rooms, CancellationToken cancellationToken)
    {
        Rooms.Add(rooms.Count);
        var newest = rooms.Select(key => (Key: key, Seq: history.NewestSeq(key.Conversation))).Where(room => room.Seq > 0);
        return new(newest.ToDictionary(room => room.Key, room => new RoomNewest(room.Seq, Closed.Contains(room.Key))));
    }

    public ValueTask<RoomNewest?> ReadNewestAsync(RoomKey room, CancellationToken cancellationToken) =>
        new(history.NewestSeq(room.Conversation) is > 0 and var seq ? new RoomNewest(seq, Closed.Contains(room)) : null);

    public async IAsyncEnumerable<StoredMessage> ReadStoredAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked.Add(since);
        await Task.Yield();
        foreach (var message in history.All(direct))
            yield return message;
    }

    public ValueTask<IReadOnlyList<StoredMessage>> ReadPlacesAsync(IReadOnlyCollection<LogPlace> places, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            Refused++;
            throw new IOException("The store is away.");
        }

        Places.Add(places.Sum(place => place.LastSeq - place.FirstSeq + 1));
        return new([.. places.SelectMany(place => history.All(place.Conversation).Where(m => m.Seq >= place.FirstSeq && m.Seq <= place.LastSeq))]);
    }
}
