using System.Globalization;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Rooms;

/// <summary>The rooms that one session is in: at most a score, so a small array is looked through.</summary>
internal sealed class RoomMemberships
{
    private volatile RoomMember[] _all = [];

    public IReadOnlyList<RoomMember> All => _all;

    public RoomMember? Find(RoomKey key) => Array.Find(_all, m => m.Room.Key == key);

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

    /// <summary>Viewers by room, for the heartbeat.</summary>
    public Dictionary<string, int> Viewers() =>
        _all.ToDictionary(m => m.Room.Key.RoomId.ToString(CultureInfo.InvariantCulture), m => m.Room.Viewers);
}
