namespace Sailfish.LoadTest.Scenarios;

/// <summary>On which nodes the members of a room are.</summary>
internal enum RoomPlace
{
    /// <summary>On the nodes in turn.</summary>
    Spread,

    /// <summary>All on the first node.</summary>
    Together,

    /// <summary>All on the first node, but for those who send: they are on the second.</summary>
    Apart,
}
