using System.Runtime.InteropServices;
using Npgsql;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>On which nodes the receivers of one append are, by their generations.</summary>
internal sealed class AppendRoutes
{
    private readonly Dictionary<UserKey, List<long>> _users = [];
    private readonly Dictionary<RoomKey, List<long>> _rooms = [];

    public void Clear()
    {
        _users.Clear();
        _rooms.Clear();
    }

    /// <summary>A row of <see cref="AppendSql.Routes"/>.</summary>
    public void Add(NpgsqlDataReader row)
    {
        var (isRoom, appId, id, node) = (row.GetInt32(0) == 1, row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
        var nodes = isRoom ? ListOf(_rooms, new RoomKey(appId, id)) : ListOf(_users, new UserKey(appId, id));
        nodes.Add(node);
    }

    /// <summary>The nodes where somebody waits for what is said in a conversation, each once.</summary>
    public IReadOnlyList<long> Of(ConversationKey conversation)
    {
        if (conversation.IsRoom)
            return _rooms.GetValueOrDefault(RoomKey.Of(conversation)) is { } nodes ? nodes : [];
        var low = _users.GetValueOrDefault(new UserKey(conversation.AppId, conversation.Low));
        var high = _users.GetValueOrDefault(new UserKey(conversation.AppId, conversation.High));
        return (low, high) switch
        {
            (null, null) => [],
            ({ } one, null) => one,
            (null, { } one) => one,
            _ => [.. low.Union(high)],
        };
    }

    private static List<long> ListOf<TKey>(Dictionary<TKey, List<long>> table, TKey key)
        where TKey : notnull
    {
        ref var nodes = ref CollectionsMarshal.GetValueRefOrAddDefault(table, key, out _);
        return nodes ??= [];
    }
}
