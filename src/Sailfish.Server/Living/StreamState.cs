using Sailfish.Protocol.Bodies;

namespace Sailfish.Server.Living;

/// <summary>How a room's stream is.</summary>
internal enum StreamState
{
    /// <summary>There is none.</summary>
    Off,

    /// <summary>It comes in.</summary>
    Live,

    /// <summary>It has broken off, and may come back.</summary>
    Away,
}

/// <summary>The states as clients read them.</summary>
internal static class StreamStateWords
{
    public static string ToWord(this StreamState state) => state switch
    {
        StreamState.Live => StreamWords.Live,
        StreamState.Away => StreamWords.Away,
        _ => StreamWords.Off,
    };
}
