using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Sailfish.Server.Accounts;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>A room as the list shows it.</summary>
internal sealed record LivingCard(
    long Id, string RoomName, long AnchorId, string AnchorNickName, string AnchorImg, int WatchNum, long GoodNum, string CovertImg, string Stream)
{
    /// <summary>The same as <see cref="WatchNum"/>, by the word that is used elsewhere.</summary>
    public int Viewers => WatchNum;

    /// <summary>In ms since 1970.</summary>
    public long StartTime { get; init; }

    [JsonIgnore]
    public int Type { get; init; }

    /// <summary>What it is found by.</summary>
    [JsonIgnore]
    public string SearchKey { get; init; } = "";
}

/// <summary>The list of rooms: made anew each second by one task, however many look at it.</summary>
internal sealed class LivingSnapshot(LivingTable table, RoomTable rooms, CoverTable covers, IRoomStreams streams)
{
    private readonly Lock _making = new();
    private volatile Lists? _lists;

    private Lists Current => _lists ?? Refresh();

    /// <summary>A page of the rooms of one type, newest first, of those with ids below <paramref name="before"/> where it is given.</summary>
    public (IReadOnlyList<LivingCard> Cards, bool HasNext) Page(long appId, int type, int page, int pageSize, long? before = null, string search = "")
    {
        var all = Current.Of(appId, type);
        return Page(new ArraySegment<LivingCard>(all)[FirstBelow(all, before ?? long.MaxValue)..], page, pageSize, search);
    }

    /// <summary>The same, most viewers first.</summary>
    public (IReadOnlyList<LivingCard> Cards, bool HasNext) PageByViewers(long appId, int type, int page, int pageSize, string search = "") =>
        Page(Current.ByViewers(appId, type), page, pageSize, search);

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
        var (row, anchor, name) = (room.Row, room.Anchor, room.Texts.Name);
        var picture = anchor?.AvatarUrl ?? Account.DrawnAvatarUrl(row.AnchorId);
        var stream = streams.Find(room.Key).State.ToWord();
        var card = new LivingCard(row.Id, name, row.AnchorId, anchor?.NickName ?? name, picture, rooms.ViewersOf(room), room.Likes, covers.PathOf(row.Id), stream);
        return (row.AppId, card with { StartTime = row.StartedAt, Type = row.Type, SearchKey = room.SearchKey(card.RoomName, card.AnchorNickName) });
    }

    /// <summary>Without a search a page costs what it holds, with one a look at each name.</summary>
    private static (IReadOnlyList<LivingCard> Cards, bool HasNext) Page(ArraySegment<LivingCard> all, int page, int pageSize, string search)
    {
        var found = search.Length == 0 ? all : all.Where(card => card.SearchKey.Contains(search, StringComparison.Ordinal)).ToArray();
        var first = (page - 1L) * pageSize;
        if (first >= found.Count)
            return ([], false);
        var cards = found.Slice((int)first, (int)Math.Min(pageSize, found.Count - first));
        return (cards, first + pageSize < found.Count);
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
        private readonly ConcurrentDictionary<(long AppId, int Type), LivingCard[]> _byViewers = new();

        public LivingCard[] Of(long appId, int type) => cards.GetValueOrDefault((appId, type), []);

        /// <summary>Made by the first who asks; of rooms with as many viewers the newest comes first.</summary>
        public LivingCard[] ByViewers(long appId, int type) =>
            _byViewers.GetOrAdd((appId, type), key => [.. Of(key.AppId, key.Type).OrderByDescending(card => card.WatchNum)]);
    }
}
