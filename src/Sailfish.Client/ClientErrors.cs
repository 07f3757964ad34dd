namespace Sailfish.Client;

/// <summary>Words of <see cref="SailfishException.Error"/> that the client itself says.</summary>
public static class ClientErrors
{
    /// <summary>The server could not be reached, or did not answer the login in time.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The token provider threw; the inner exception is what it threw.</summary>
    public const string TokenUnavailable = "token_unavailable";

    /// <summary>The connection ended.</summary>
    public const string ConnectionLost = "connection_lost";

    /// <summary>No receipt came in time. The message may be stored; sending it again with the same id is safe.</summary>
    public const string ReceiptTimeout = "receipt_timeout";

    /// <summary>The server has more messages, behind others that <see cref="SailfishClientOptions.AckFilter"/> leaves unread.</summary>
    public const string LeftUnread = "left_unread";

    /// <summary>The client is closed.</summary>
    public const string Closed = "closed";

    /// <summary>A fault of the client's own; <see cref="ClosedEventArgs.Exception"/> has it.</summary>
    public const string Fault = "client_fault";

    /// <summary>The peer does not speak the protocol.</summary>
    public const string BadPeer = "bad_peer";
}
