namespace Sailfish.Protocol.Bodies;

/// <summary>BYE, server to client: the server is about to close.</summary>
public sealed record ByeBody
{
    /// <summary>A stable word of <see cref="ByeReasons"/>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether coming back makes sense.</summary>
    public bool Reconnect { get; init; }

    /// <summary>With <see cref="Reconnect"/>: milliseconds to wait first, spread so that not all come at once.</summary>
    public long? AfterMs { get; init; }
}

/// <summary>Why the server closes, and whether the client should come back.</summary>
public static class ByeReasons
{
    /// <summary>No LOGIN in time. Comes back: yes.</summary>
    public const string LoginTimeout = "login_timeout";

    /// <summary>Nothing was sent for two heartbeats and 10 s. Comes back: yes.</summary>
    public const string Idle = "idle";

    /// <summary>The same user's same device logged in elsewhere. Comes back: no.</summary>
    public const string Replaced = "replaced";

    /// <summary>The user has more connections than allowed; the oldest went. Comes back: no.</summary>
    public const string TooManySessions = "too_many_sessions";

    /// <summary>An operator closed the user's connections. Comes back: no, the tokens are revoked.</summary>
    public const string Kicked = "kicked";

    /// <summary>The user signed out on the page, or ended the page's session that the connection came from. Comes back: no.</summary>
    public const string SignedOut = "signed_out";

    /// <summary>The time of the session of the page that the connection belongs to is over.</summary>
    public const string SessionOver = "session_over";

    /// <summary>The server stops in order. Comes back: yes, after <see cref="ByeBody.AfterMs"/>.</summary>
    public const string Draining = "draining";

    /// <summary>The server carries as many connections as it may. Comes back: yes, after <see cref="ByeBody.AfterMs"/>.</summary>
    public const string ServerFull = "server_full";
}
