using System.Text.Json.Serialization;
using Sailfish.Server.Accounts;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>A room as the list shows it.</summary>
internal sealed record LivingCard(
    long Id, string RoomName, long AnchorId, string AnchorNickName, string AnchorImg, int WatchNum, long GoodNum, string CovertImg)
{
    [JsonIgnore]
    public int Type { get; init; }
}

/// <summary>The list of rooms, newest first: made anew each second by one task, however many look at it.</summary>
internal sealed class LivingSnapshot(LivingTable table, RoomTable rooms)
{
    private readonly Lock _making = new();
    private volatile Lists? _lists;

    /// <summary>A page of the rooms of one type, of those with ids below <paramref name="before"/> where it is given.</summary>
    public (IReadOnlyList<LivingCard> Cards, bool HasNext) Page(long appId, int type, int page, int pageSize, long? before = null)
    {
        var lists = _lists ?? Refresh();
        var all = lists.Of(appId, type);
        var first = FirstBelow(all, before ?? long.MaxValue) + ((page - 1L) * pageSize);
        if (first >= all.Length)
            return ([], false);
        var cards = new ArraySegment<LivingCard>(all, (int)first, (int)Math.Min(pageSize, all.Length - first));
        return (cards, first + pageSize < all.Length);
    }

    /// <summary>Swaps the whole list at once: a reader never sees it half made, or empty while rooms are open.</summary>
    public Lists Refresh()
    {
        // One at a time: a list that was begun before a room started must not take the place of the one with it.
        lock (_making)
        {
            var cards = table.All().OrderByDescending(r => r.Row.Id).Select(CardOf)
                .GroupBy(r => (r.AppId, r.Card.Type))
                .ToDictionary(g => g.Key, g => g.Select(r => r.Card).ToArray());
            return _lists = new Lists(cards);
        }
    }

    private (long AppId, LivingCard Card) CardOf(LivingRoom room)
    {
        var (row, anchor) = (room.Row, room.Anchor);
        var picture = anchor?.AvatarUrl ?? Account.DrawnAvatarUrl(row.AnchorId);
        var card = new LivingCard(row.Id, row.Name, row.AnchorId, anchor?.NickName ?? row.Name, picture, rooms.ViewersOf(room), room.Likes, "") { Type = row.Type };
        return (row.AppId, card);
    }

    /// <summary>Where the cards begin, newest first, whose ids are below <paramref name="before"/>.</summary>
    private static int FirstBelow(LivingCard[] all, long before)
    {
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (all[middle].Id < before)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    internal sealed class Lists(Dictionary<(long AppId, int Type), LivingCard[]> cards)
    {
        public LivingCard[] Of(long appId, int type) => cards.GetValueOrDefault((appId, type), []);
    }
}
