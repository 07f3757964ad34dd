namespace Sailfish.Client;

/// <summary>How the anchor's stream is.</summary>
public enum StreamState
{
    /// <summary>There is none.</summary>
    Off,

    /// <summary>It comes in.</summary>
    Live,

    /// <summary>It has broken off, and may come back.</summary>
    Away,
}
