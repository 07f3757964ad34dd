namespace Sailfish.Client;

/// <summary>What a <see cref="SailfishClient"/> is doing.</summary>
public enum SailfishState
{
    /// <summary><see cref="SailfishClient.ConnectAsync"/> was not called yet, or it threw.</summary>
    NotConnected,

    /// <summary>The first connection is being made.</summary>
    Connecting,

    /// <summary>Logged in, the joined rooms joined again; messages come and go.</summary>
    Online,

    /// <summary>The connection was lost; the client comes back by itself. Sends wait.</summary>
    Reconnecting,

    /// <summary>The end: closed by the application, or by the server for good. A closed client does not come back.</summary>
    Closed,
}
