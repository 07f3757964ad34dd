using System.Globalization;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>The rooms that one session is in: at most a score, so a small array is looked through.</summary>
internal sealed class RoomMemberships
{
    /// <summary>Rooms whose end is remembered; of more, the first are forgotten.</summary>
    private const int MaxEnded = 1000;

    private volatile RoomMember[] _all = [];
    private volatile RoomKey[] _ended = [];

    public IReadOnlyList<RoomMember> All => _all;

    public RoomMember? Find(RoomKey key) => Array.Find(_all, m => m.Room.Key == key);

    /// <summary>Whether the room closed while the session was in it.</summary>
    public bool SawEnd(RoomKey key) => Array.IndexOf(_ended, key) >= 0;

    /// <summary>Whether the session may read a room's log: it is in the room, or was when it closed.</summary>
    public bool MayRead(ConversationKey key)
    {
        // In this order: a room that closes meanwhile is noted before it is left.
        var room = new RoomKey(key.AppId, key.Low);
        return Find(room) is not null || SawEnd(room);
    }

    public RoomMember? Find(ConversationKey key) => key.IsRoom ? Find(new RoomKey(key.AppId, key.Low)) : null;

    /// <summary>The caller holds this object's lock.</summary>
    public void Add(RoomMember member) => _all = [.. _all, member];

    /// <summary>The caller holds this object's lock.</summary>
    public bool Remove(RoomMember member)
    {
        var before = _all.Length;
        _all = [.. _all.Where(m => !ReferenceEquals(m, member))];
        return _all.Length < before;
    }

    /// <summary>Before the member leaves a room that closes. The caller holds this object's lock.</summary>
    public void NoteEnd(RoomKey key) => _ended = [.. _ended.Skip(_ended.Length - MaxEnded + 1), key];

    /// <summary>Viewers by room, for the heartbeat.</summary>
    public Dictionary<string, int> Viewers() =>
        _all.ToDictionary(m => m.Room.Key.RoomId.ToString(CultureInfo.InvariantCulture), m => m.Room.Viewers);
}
