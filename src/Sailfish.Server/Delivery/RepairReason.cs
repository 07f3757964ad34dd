namespace Sailfish.Server.Delivery;

/// <summary>Why messages may not have come to this node.</summary>
internal enum RepairReason
{
    /// <summary>No reason: the rooms are looked at from time to time.</summary>
    Rounds,

    /// <summary>Frames of another node were lost on their way.</summary>
    FramesLost,

    /// <summary>The bus was away.</summary>
    BusAway,

    /// <summary>A node died: perhaps between a commit and its frame.</summary>
    NodeDied,

    /// <summary>A session was let in before other nodes could know of it.</summary>
    LateSession,

    /// <summary>The store began anew, and may have lost its newest messages.</summary>
    StoreBeganAnew,
}

/// <summary>The reasons in metrics and logs.</summary>
internal static class RepairReasons
{
    public static string Word(RepairReason reason) => reason switch
    {
        RepairReason.Rounds => "rounds",
        RepairReason.FramesLost => "frames_lost",
        RepairReason.BusAway => "bus_away",
        RepairReason.NodeDied => "node_died",
        RepairReason.LateSession => "late_session",
        _ => "store_began_anew",
    };
}
