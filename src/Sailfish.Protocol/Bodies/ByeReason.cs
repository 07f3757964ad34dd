namespace Sailfish.Protocol.Bodies;

/// <summary>Why the server closes, and whether the client should come back. These are all there are (docs/protocol.md, section 1).</summary>
public sealed class ByeReason
{
    private ByeReason(string word, bool reconnect)
    {
        Word = word;
        Reconnect = reconnect;
    }

    /// <summary>No LOGIN in time.</summary>
    public static ByeReason LoginTimeout { get; } = new("login_timeout", reconnect: true);

    /// <summary>Nothing was sent for two heartbeats and 10 s.</summary>
    public static ByeReason Idle { get; } = new("idle", reconnect: true);

    /// <summary>The server stops in order. <see cref="ByeBody.AfterMs"/> says when to come back.</summary>
    public static ByeReason Draining { get; } = new("draining", reconnect: true);

    /// <summary>The server carries as many connections as it may. <see cref="ByeBody.AfterMs"/> says when to come back.</summary>
    public static ByeReason ServerFull { get; } = new("server_full", reconnect: true);

    /// <summary>The same user's same device logged in elsewhere.</summary>
    public static ByeReason Replaced { get; } = new("replaced", reconnect: false);

    /// <summary>The user has more connections than allowed; the oldest went.</summary>
    public static ByeReason TooManySessions { get; } = new("too_many_sessions", reconnect: false);

    /// <summary>An operator closed the user's connections; the tokens are revoked.</summary>
    public static ByeReason Kicked { get; } = new("kicked", reconnect: false);

    /// <summary>The user signed out on the page, or ended the page's session that the connection came from.</summary>
    public static ByeReason SignedOut { get; } = new("signed_out", reconnect: false);

    /// <summary>The time of the session of the page that the connection belongs to is over.</summary>
    public static ByeReason SessionOver { get; } = new("session_over", reconnect: false);

    /// <summary>The stable word on the wire (<see cref="ByeBody.Reason"/>).</summary>
    public string Word { get; }

    /// <summary>Whether coming back makes sense.</summary>
    public bool Reconnect { get; }

    /// <summary>The word.</summary>
    public override string ToString() => Word;
}
