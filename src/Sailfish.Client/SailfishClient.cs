using System.Globalization;
using Sailfish.Client.Connection;
using Sailfish.Client.Events;
using Sailfish.Client.Receiving;
using Sailfish.Client.Sending;
using Sailfish.Client.Transports;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client;

/// <summary>
/// One user's connection to a Sailfish server. It logs in, comes back by itself when the connection is lost, joins its rooms
/// again, sends again what has no receipt, pulls what was missed, and gives each conversation in order, each message once.
/// </summary>
/// <remarks>
/// All members may be used from any thread. Events are raised one after another on a thread of the pool; an exception from a
/// handler is unhandled there and ends the process, like one from a timer's callback.
/// <para>
/// Once it is closed, by <see cref="DisposeAsync"/> or for good by the server, every call that waits or is made later throws
/// <see cref="SailfishException"/> with <see cref="ClientErrors.Closed"/>, <see cref="Messages"/> gives what still waits and
/// ends, and <see cref="DisposeAsync"/> may be called again.
/// </para>
/// </remarks>
public sealed class SailfishClient : IAsyncDisposable, IClientEvents
{
    private const int MaxClientMsgId = 64;
    private const int MaxHistory = 100;

    private readonly SailfishClientOptions _options;
    private readonly EventQueue _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly ClientParts _parts;
    private readonly Supervisor _supervisor;
    private SailfishState _state;
    private Task _run = Task.CompletedTask;
    private Task? _disposal;

    /// <summary>Makes a client that is not connected yet.</summary>
    /// <param name="options">How it connects and behaves.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SailfishClient(SailfishClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _parts = MakeParts();
        _supervisor = new Supervisor(options, _parts);
    }

    /// <summary>The state changed.</summary>
    public event EventHandler<StateChangedEventArgs>? StateChanged;

    /// <summary>The client is closed for good; raised once.</summary>
    public event EventHandler<ClosedEventArgs>? Closed;

    /// <summary>Messages are lost: older than the server keeps, or not to be had from it. What exists is delivered.</summary>
    public event EventHandler<GapEventArgs>? Gap;

    /// <summary>A joined room was closed; the client has left it.</summary>
    public event EventHandler<RoomClosedEventArgs>? RoomClosed;

    /// <summary>The server took the user out of a room, or did not let it in again after a reconnect.</summary>
    public event EventHandler<RoomLeftEventArgs>? RoomLeft;

    /// <summary>How many users are in a joined room; told with each heartbeat, changed or not, and with the state of a living room.</summary>
    public event EventHandler<ViewersChangedEventArgs>? ViewersChanged;

    /// <summary>How a joined living room is, with each join and when it changed; with <see cref="SailfishClientOptions.RoomState"/> only.</summary>
    public event EventHandler<RoomStateChangedEventArgs>? RoomStateChanged;

    /// <summary>What the client is doing now.</summary>
    public SailfishState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>How many sent messages have no receipt so far.</summary>
    public int PendingCount => _parts.Pending.Count;

    /// <summary>Connects and logs in. Returns once the client is online; from then on it stays connected by itself.</summary>
    /// <param name="cancellationToken">
    /// Gives up connecting; the client may connect again later. Where the login was through already, only the waiting ends.
    /// </param>
    /// <exception cref="SailfishException">
    /// <c>bad_token</c>: the server refuses the token. <see cref="ClientErrors.Unreachable"/>,
    /// <see cref="ClientErrors.TokenUnavailable"/>, or a word of the server's: only where
    /// <see cref="SailfishClientOptions.RetryFirstConnect"/> is off. The client may connect again later.
    /// Or <see cref="ClientErrors.Closed"/>: it was closed, before or meanwhile.
    /// </exception>
    /// <exception cref="InvalidOperationException">The client is connected or connecting.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        BeginConnect();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
            var session = await _supervisor.OpenFirstAsync(either.Token);
            _run = Task.Run(() => RunAsync(session), CancellationToken.None);
        }
        catch (Exception e) when (_stop.IsCancellationRequested)
        {
            throw ClosedException(e);
        }
        catch
        {
            StateIs(SailfishState.NotConnected, null);
            throw;
        }

        await _supervisor.Online.WaitAsync(cancellationToken);
    }

    /// <summary>Sends a chat message to a user.</summary>
    /// <param name="toUser">The receiver; 10000 to 2^53−1, and not oneself.</param>
    /// <param name="content">The text, 1 to 4,000 characters unless the server is configured otherwise.</param>
    /// <param name="clientMsgId">1 to 64 characters: the same id of the same user is stored once in a conversation. Null makes one.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may be stored all the same.</param>
    /// <returns>The receipt, once the message is durably stored.</returns>
    /// <exception cref="SailfishException">
    /// The server refused it: its word is in <see cref="SailfishException.Error"/>. Or <see cref="ClientErrors.ReceiptTimeout"/>,
    /// <see cref="ClientErrors.Closed"/>.
    /// </exception>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    /// <remarks>Without a connection it waits for the next. Calls that follow one another are sent in their order.</remarks>
    public Task<Receipt> SendAsync(
        long toUser, string content, string? clientMsgId = null, CancellationToken cancellationToken = default)
    {
        ThrowIfNoText(content, nameof(content));
        if (!Ids.IsUser(toUser))
            throw new ArgumentOutOfRangeException(nameof(toUser), toUser, "A user id is 10000 to 2^53-1.");
        if (toUser == _options.UserId)
            throw new ArgumentOutOfRangeException(nameof(toUser), toUser, "That is the user itself; a message goes to another.");
        var data = ChatJson.Write(new ChatData { Content = content, ObjectId = toUser });
        return SayAsync(BizCodes.Chat, data, ConversationWith(toUser), clientMsgId, cancellationToken);
    }

    /// <summary>Sends a chat message to a room that was joined.</summary>
    /// <param name="roomId">The room; 1 to 2^53−1.</param>
    /// <param name="content">The text, 1 to 4,000 characters unless the server is configured otherwise.</param>
    /// <param name="clientMsgId">1 to 64 characters: the same id of the same user is stored once in a conversation. Null makes one.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may be stored all the same.</param>
    /// <returns>The receipt, once the message is durably stored.</returns>
    /// <exception cref="SailfishException">As of <see cref="SendAsync"/>; <c>not_joined</c> when the room was not joined.</exception>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public Task<Receipt> SendToRoomAsync(
        long roomId, string content, string? clientMsgId = null, CancellationToken cancellationToken = default)
    {
        ThrowIfNoText(content, nameof(content));
        ThrowIfNoRoom(roomId);
        var data = ChatJson.Write(new ChatData { Content = content, RoomId = roomId });
        return SayAsync(BizCodes.Chat, data, Rooms.ConversationOf(roomId), clientMsgId, cancellationToken);
    }

    /// <summary>Sends a message of any kind.</summary>
    /// <param name="bizCode">Which of the server's handlers takes it; 5555 is chat.</param>
    /// <param name="dataJson">A JSON object, as the handler wants it; with all around it at most 65,472 bytes.</param>
    /// <param name="clientMsgId">1 to 64 characters: the same id of the same user is stored once in a conversation. Null makes one.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may be stored all the same.</param>
    /// <returns>The receipt, once the message is durably stored.</returns>
    /// <exception cref="SailfishException">As of <see cref="SendAsync"/>.</exception>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public Task<Receipt> SendDataAsync(
        int bizCode, string dataJson, string? clientMsgId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataJson);
        return SayAsync(bizCode, dataJson, conversation: null, clientMsgId, cancellationToken);
    }

    /// <summary>Joins a room. After a reconnect the client joins it again by itself and pulls what it missed.</summary>
    /// <param name="roomId">The room; 1 to 2^53−1.</param>
    /// <param name="history">How many of the newest messages come first, 0 to 100. What was delivered before does not come again.</param>
    /// <param name="cancellationToken">Gives up waiting; the room may be joined all the same.</param>
    /// <returns>How the room stands.</returns>
    /// <exception cref="SailfishException">Refused: <c>room_closed</c>, <c>too_many_rooms</c>, <c>banned</c>, <c>bad_room</c>; or <see cref="ClientErrors.Closed"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public Task<RoomInfo> JoinAsync(long roomId, int history = 0, CancellationToken cancellationToken = default)
    {
        ThrowIfNoRoom(roomId);
        ArgumentOutOfRangeException.ThrowIfNegative(history);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(history, MaxHistory);
        return CallAsync(session => _parts.Rooms.JoinAsync(session, roomId, history), cancellationToken);
    }

    /// <summary>Leaves a room, joined or not.</summary>
    /// <param name="roomId">The room; 1 to 2^53−1.</param>
    /// <param name="cancellationToken">Gives up waiting; the room may be left all the same.</param>
    /// <exception cref="SailfishException">Refused, or <see cref="ClientErrors.Closed"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The id is no room's.</exception>
    public Task LeaveAsync(long roomId, CancellationToken cancellationToken = default)
    {
        ThrowIfNoRoom(roomId);
        return CallAsync(
            async session =>
            {
                await _parts.Rooms.LeaveAsync(session, roomId);
                return true;
            },
            cancellationToken);
    }

    /// <summary>
    /// Waits until everything that the server had for this user when it was called was taken from it: the one-to-one
    /// messages that waited at login, and the history of the rooms joined. A reader that is slower than that delays it.
    /// With <see cref="SailfishClientOptions.AckWhenRead"/> it waits until all of it was read, too.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="SailfishException"><see cref="ClientErrors.Closed"/>, <see cref="ClientErrors.LeftUnread"/>.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        await CallAsync(static session => session.CatchUpAsync(), cancellationToken);
        if (_options.AckWhenRead && !await _parts.Buffer.WaitUntilEmptyAsync(cancellationToken))
            throw ClosedException();
    }

    /// <summary>
    /// The messages as they come, each conversation in order and each message once. Ends when the client is closed.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <remarks>
    /// One enumeration at a time: two share the messages between them. Up to <see cref="SailfishClientOptions.InboxCapacity"/>
    /// messages wait for a slow reader. When they are as many, the client still reads its connection, for receipts and answers
    /// come over it too, but takes no more messages: they stay on the server unacknowledged, and are pulled, in order, when
    /// half of the space is free again. (As many again may be held back behind a gap.) A one-to-one message is acknowledged when it is put among those that wait; what waits
    /// when the process ends is not delivered again.
    /// </remarks>
    public IAsyncEnumerable<SailfishMessage> Messages(CancellationToken cancellationToken = default) =>
        _parts.Buffer.ReadAllAsync(Confirm, cancellationToken);

    /// <summary>
    /// Logs out and closes. Sends without a receipt fail with <see cref="ClientErrors.Closed"/>; <see cref="Messages"/> gives
    /// what still waits and ends.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
            return new ValueTask(_disposal ??= Task.Run(CloseAsync));
    }

    void IClientEvents.StateIs(SailfishState state, string? reason) => StateIs(state, reason);

    void IClientEvents.ViewersAre(long roomId, int viewers) => Raise(ViewersChanged, new ViewersChangedEventArgs(roomId, viewers));

    void IClientEvents.RoomIs(long roomId, RoomState state, IReadOnlyList<string> joined) =>
        Raise(RoomStateChanged, new RoomStateChangedEventArgs(roomId, state, joined));

    private ClientParts MakeParts()
    {
        var buffer = new MessageBuffer(_options.InboxCapacity, _options.AckWhenRead);
        var sink = new InboxSink(
            buffer,
            (conversation, first, last) => Raise(Gap, new GapEventArgs(conversation, first, last)),
            room => _events.Post(() => _parts.Rooms.OnClosed(room)));
        var inbox = new Inbox(sink, holdLimit: _options.InboxCapacity, ackWhenRead: _options.AckWhenRead);
        var rooms = new Rooms(
            inbox,
            room => Raise(RoomClosed, new RoomClosedEventArgs(room)),
            (room, reason, retryAfterMs) => Raise(RoomLeft, new RoomLeftEventArgs(room, reason, retryAfterMs)),
            this);
        var pending = new PendingSends(_options.MaxInFlight, _options.RateLimitRetries, _options.MaxPause);
        return new ClientParts
        {
            Inbox = inbox,
            Sink = sink,
            Buffer = buffer,
            Reader = new MessageReader(_options.UserId, pending, inbox, rooms),
            Pending = pending,
            Pump = new SendPump(pending, _options.TimeProvider),
            Rooms = rooms,
            Events = this,
        };
    }

    private void Confirm(SailfishMessage message)
    {
        if (_options.AckFilter?.Invoke(message) ?? true)
            _parts.Inbox.Confirm(message);
    }

    private async Task CloseAsync()
    {
        _parts.Inbox.Close();
        if (_supervisor.Online.Current is { } session)
            await session.LogoutAsync();
        await _stop.CancelAsync();
        await _run;
        Finish(ClientErrors.Closed);
        _parts.Pump.Dispose();
    }

    private async Task RunAsync(Session session)
    {
        try
        {
            Finish(await _supervisor.RunAsync(session, _stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Finish(ClientErrors.Closed);
        }
#pragma warning disable CA1031 // Nothing awaits this task but the disposal: a fault is told by the event, and closes.
        catch (Exception e)
        {
            Finish(ClientErrors.Fault, e);
        }
#pragma warning restore CA1031
    }

    private void Finish(string reason, Exception? fault = null)
    {
        if (!StateIs(SailfishState.Closed, reason))
            return;
        var cause = new SailfishException(ClientErrors.Closed, $"the client is closed: {reason}", null, fault);
        _supervisor.Online.Close(cause);
        _parts.Pending.FailAll(cause);
        _parts.Buffer.Complete();
        Raise(Closed, new ClosedEventArgs(reason, fault));
        _events.Complete();
    }

    private void BeginConnect()
    {
        lock (_gate)
        {
            if (_state == SailfishState.Closed || _disposal is not null)
                throw ClosedException();
            if (_state != SailfishState.NotConnected)
                throw new InvalidOperationException($"The client is {_state}; it connects once.");
            StateIs(SailfishState.Connecting, null);
        }
    }

    /// <summary>Moves to a state; false when the client is in it or closed already.</summary>
    private bool StateIs(SailfishState state, string? reason)
    {
        lock (_gate)
        {
            if (_state == state || _state == SailfishState.Closed)
                return false;
            _state = state;
            // Queued under the lock: told in the order in which they were.
            Raise(StateChanged, new StateChangedEventArgs(state, reason));
            return true;
        }
    }

    /// <param name="bizCode">Which handler takes it.</param>
    /// <param name="dataJson">What is said.</param>
    /// <param name="conversation">Where; null where only the handler knows.</param>
    /// <param name="clientMsgId">Its key; null makes one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private Task<Receipt> SayAsync(int bizCode, string dataJson, string? conversation, string? clientMsgId, CancellationToken cancellationToken)
    {
        clientMsgId ??= Guid.CreateVersion7(_options.TimeProvider.GetUtcNow()).ToString("N");
        ThrowIfNoText(clientMsgId, nameof(clientMsgId));
        // Characters, as the server counts them: an emoji is one.
        if (clientMsgId.EnumerateRunes().Count() > MaxClientMsgId)
            throw new ArgumentException("A client message id is 1 to 64 characters.", nameof(clientMsgId));
        var frame = MessageFrame(bizCode, dataJson, clientMsgId);
        if (frame.Body.Length > Transport.MaxOutboundBody)
            throw new ArgumentException($"The message has {frame.Body.Length} bytes; at most {Transport.MaxOutboundBody} can be sent.", nameof(dataJson));
        return SendPendingAsync(new PendingSend(clientMsgId, frame, conversation), cancellationToken);
    }

    private async Task<Receipt> SendPendingAsync(PendingSend send, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        _parts.Pending.Add(send);
        _parts.Pump.Run();
        // Closed in between: whoever closed may not have seen this one.
        if (State == SailfishState.Closed)
            _parts.Pending.FailAll(ClosedException());
        try
        {
            return await send.Result.WaitAsync(_options.ReceiptTimeout, _options.TimeProvider, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new SailfishException(ClientErrors.ReceiptTimeout, "no receipt came in time", null, e);
        }
        finally
        {
            // It leaves a place in the window.
            if (_parts.Pending.Forget(send))
                _parts.Pump.Run();
        }
    }

    /// <summary>Asks over the connection there is, and over the next when that one breaks.</summary>
    private async Task<T> CallAsync<T>(Func<Session, Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var session = await _supervisor.Online.WaitAsync(cancellationToken);
            try
            {
                return await call(session).WaitAsync(cancellationToken);
            }
            catch (SailfishException e) when (e.IsConnectionLost)
            {
                _supervisor.Online.Reset(session);
            }
        }
    }

    private OutboundFrame MessageFrame(int bizCode, string data, string clientMsgId) => OutboundFrame.Of(
        FrameCode.Message,
        new MessageBody
        {
            AppId = _options.AppId,
            UserId = _options.UserId,
            BizCode = bizCode,
            Data = data,
            ClientMsgId = clientMsgId,
        },
        BodyJson.Wire.MessageBody);

    private void ThrowIfClosed()
    {
        if (State == SailfishState.Closed)
            throw ClosedException();
    }

    private string ConversationWith(long user) => string.Create(
        CultureInfo.InvariantCulture, $"d:{Math.Min(user, _options.UserId)}:{Math.Max(user, _options.UserId)}");

    private static SailfishException ClosedException(Exception? cause = null) =>
        new(ClientErrors.Closed, "the client is closed", null, cause);

    /// <summary>Half a character cannot be written as UTF-8: it would arrive as another.</summary>
    private static void ThrowIfNoText(string text, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (!WireText.IsWellFormed(text))
            throw new ArgumentException("The text has a U+0000 or half of a surrogate pair.", name);
    }

    private static void ThrowIfNoRoom(long roomId)
    {
        if (!Ids.IsRoom(roomId))
            throw new ArgumentOutOfRangeException(nameof(roomId), roomId, "A room id is 1 to 2^53-1.");
    }

    private void Raise<T>(EventHandler<T>? handler, T args) => _events.Post(() => handler?.Invoke(this, args));
}
