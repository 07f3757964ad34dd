namespace Sailfish.Protocol.Bodies;

/// <summary>How a living room's stream is (docs/protocol.md, section 2, State).</summary>
public static class StreamWords
{
    /// <summary>There is none.</summary>
    public const string Off = "off";

    /// <summary>It comes in.</summary>
    public const string Live = "live";

    /// <summary>It has broken off, and may come back.</summary>
    public const string Away = "away";
}
