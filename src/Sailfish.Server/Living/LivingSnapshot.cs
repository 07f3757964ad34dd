using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>A room as the list shows it.</summary>
internal sealed record LivingCard(long Id, string RoomName, long AnchorId, int WatchNum, long GoodNum, string CovertImg)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public int Type { get; init; }
}

/// <summary>The list of rooms, newest first: made anew each second by one task, however many look at it.</summary>
internal sealed class LivingSnapshot(LivingTable table, RoomTable rooms)
{
    private volatile Lists? _lists;

    /// <summary>A page of one type; null asks for all types.</summary>
    public (IReadOnlyList<LivingCard> Cards, bool HasNext) Page(long appId, int type, int page, int pageSize)
    {
        var lists = _lists ?? Refresh();
        var all = lists.Of(appId, type);
        var cards = all.Skip((page - 1) * pageSize).Take(pageSize).ToList();
        return (cards, all.Count > (long)page * pageSize);
    }

    /// <summary>Swaps the whole list at once: a reader never sees it half made, or empty while rooms are open.</summary>
    public Lists Refresh()
    {
        var cards = table.All().OrderByDescending(r => r.Row.Id)
            .Select(r => (r.Key.AppId, Card: new LivingCard(r.Row.Id, r.Row.Name, r.Row.AnchorId, rooms.Find(r.Key)?.Viewers ?? 0, r.Likes, "") { Type = r.Row.Type }))
            .GroupBy(r => (r.AppId, r.Card.Type))
            .ToDictionary(g => g.Key, g => (IReadOnlyList<LivingCard>)[.. g.Select(r => r.Card)]);
        return _lists = new Lists(cards);
    }

    internal sealed class Lists(Dictionary<(long AppId, int Type), IReadOnlyList<LivingCard>> cards)
    {
        public IReadOnlyList<LivingCard> Of(long appId, int type) => cards.GetValueOrDefault((appId, type), []);
    }
}
