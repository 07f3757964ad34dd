namespace Sailfish.Server.Cluster;

/// <summary>Why frames were dropped, as metrics say it.</summary>
internal static class DropReason
{
    /// <summary>The bus is away.</summary>
    public const string Away = "away";

    /// <summary>Newer ones took their place.</summary>
    public const string QueueFull = "queue_full";

    /// <summary>Larger than the bus carries.</summary>
    public const string TooLarge = "too_large";

    /// <summary>The server did not take them, or not in time.</summary>
    public const string Failed = "failed";
}
