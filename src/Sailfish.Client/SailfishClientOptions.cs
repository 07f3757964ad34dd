using System.Net.Security;

namespace Sailfish.Client;

/// <summary>How a <see cref="SailfishClient"/> connects and behaves. Not to be changed after the client was made.</summary>
public sealed class SailfishClientOptions
{
    /// <summary>
    /// Where the server is: <c>tcp://host:8085</c>, <c>tcps://host:8085</c>, <c>ws://host:8086/ws</c> or
    /// <c>wss://host:8086/ws</c>. Without a port: 8085 for TCP, the
    /// scheme's own (80, 443) for WebSocket; without a path: <c>/ws</c>.
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The app that the user belongs to.</summary>
    public required long AppId { get; init; }

    /// <summary>The user; 10000 to 2^53−1.</summary>
    public required long UserId { get; init; }

    /// <summary>
    /// Gives a token for this user. Called once for each login, because tokens live for minutes only. When it throws,
    /// the first connect fails with <see cref="ClientErrors.TokenUnavailable"/>; a reconnect tries again later.
    /// <see cref="SailfishToken"/> makes one of a string, and of functions that give a string or a <see cref="Task"/>.
    /// </summary>
    public required Func<CancellationToken, ValueTask<string>> TokenProvider { get; init; }

    /// <summary>
    /// Names the device, at most 128 characters: a newer connection with the same name replaces this one for good.
    /// Null (the default) makes a name for this client object, so that its own reconnects replace what is left of the
    /// connection before.
    /// </summary>
    public string? DeviceId { get; init; }

    /// <summary>What the client runs on, for presence; at most 32 characters.</summary>
    public string? Platform { get; init; } = "dotnet";

    /// <summary>For <c>ws</c> and <c>wss</c>: the subprotocol <c>sailfish.binary</c> in place of <c>sailfish.json</c>.</summary>
    public bool WebSocketBinary { get; init; }

    /// <summary>
    /// Whether living rooms tell how they are, when they are joined (<see cref="RoomInfo.State"/>) and as it changes
    /// (<see cref="SailfishClient.RoomStateChanged"/>). A server that does not know of it tells nothing.
    /// </summary>
    public bool RoomState { get; init; }

    /// <summary>Whether the first connect is tried again and again too when the server cannot be reached. A refused token throws in any case.</summary>
    public bool RetryFirstConnect { get; init; }

    /// <summary>Time for connecting and logging in; 10 s unless set.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The first step of the reconnect delay, which is random between 0 and min(<see cref="ReconnectMaxDelay"/>, this × 2^n);
    /// 500 ms unless set.
    /// </summary>
    public TimeSpan ReconnectMinDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest reconnect delay; 30 s unless set.</summary>
    public TimeSpan ReconnectMaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// From a send to its receipt, reconnects and waits for rate limits included; 60 s unless set,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for no end.
    /// </summary>
    public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many times one message that is over the rate limit is sent again by itself; 10 unless set, 0 for never. A refusal
    /// that asks for a longer wait than <see cref="ReceiptTimeout"/> is thrown at once.
    /// </summary>
    public int RateLimitRetries { get; init; } = 10;

    /// <summary>
    /// How many messages may be on their way to the server without a receipt, 1 or more; the rest wait their turn. 64 unless
    /// set. Those that are on their way when the server begins to refuse for the rate may change places; 1 rules that out.
    /// </summary>
    public int MaxInFlight { get; init; } = 64;

    /// <summary>How many messages wait for the application, 1 or more; 1,024 unless set. See <see cref="SailfishClient.Messages"/>.</summary>
    public int InboxCapacity { get; init; } = 1024;

    /// <summary>
    /// Whether a one-to-one message is acknowledged only when the reader of <see cref="SailfishClient.Messages"/> asks for the
    /// next one, having done with it. What it did not finish, for it failed or the process died, comes again with the next
    /// client. Unless set it is acknowledged when it is put among those that wait.
    /// </summary>
    public bool AckWhenRead { get; init; }

    /// <summary>
    /// With <see cref="AckWhenRead"/>: which one-to-one messages are acknowledged when they were read; all unless set. The
    /// others stay unread on the server, for the user's other devices and for the next client, which is given them again.
    /// Where they are so many that its pages hold nothing else, what stands behind them is not pulled:
    /// <see cref="SailfishClient.CatchUpAsync"/> throws <see cref="ClientErrors.LeftUnread"/> then.
    /// </summary>
    public Func<SailfishMessage, bool>? AckFilter { get; init; }

    /// <summary>Judges the server's certificate in place of the platform's rules (<c>tcps</c> and <c>wss</c>).</summary>
    public RemoteCertificateValidationCallback? CertificateValidation { get; init; }

    /// <summary>The clock of every delay and timeout.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>No send waits longer than for its receipt.</summary>
    internal TimeSpan MaxPause => ReceiptTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : ReceiptTimeout;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Endpoint, nameof(Endpoint));
        ArgumentNullException.ThrowIfNull(TokenProvider, nameof(TokenProvider));
        if (Endpoint.Scheme is not ("tcp" or "tcps" or "ws" or "wss"))
            throw new ArgumentException($"The endpoint's scheme is '{Endpoint.Scheme}', not tcp, tcps, ws or wss.", nameof(Endpoint));
        if (!Protocol.Ids.IsUser(UserId))
            throw new ArgumentOutOfRangeException(nameof(UserId), UserId, "A user id is 10000 to 2^53-1.");
        if (AckFilter is not null && !AckWhenRead)
            throw new ArgumentException("What is acknowledged when it comes cannot be left unread.", nameof(AckFilter));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInFlight, 1, nameof(MaxInFlight));
        ArgumentOutOfRangeException.ThrowIfLessThan(InboxCapacity, 1, nameof(InboxCapacity));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReconnectMinDelay, TimeSpan.Zero, nameof(ReconnectMinDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReconnectMaxDelay, ReconnectMinDelay, nameof(ReconnectMaxDelay));
    }
}
