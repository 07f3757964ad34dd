using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Sessions;

/// <summary>One socket of one client, of whatever dialect.</summary>
internal sealed class Connection
{
    private readonly Transport _transport;
    private readonly TimeProvider _time;
    private FramePace _pace;
    private int _closing;
    private int _refusals;
    private long _silentSince;

    public Connection(long id, Transport transport, Dialect dialect, int maxOutboxBytes, TimeProvider time)
    {
        Id = id;
        _transport = transport;
        _time = time;
        Dialect = dialect;
        Outbox = new Outbox(transport, maxOutboxBytes, time);
        OpenedAt = time.GetTimestamp();
    }

    /// <summary>No other connection's, of any node and any start. Whoever is told it gets it as text: not every client has whole numbers so large.</summary>
    public long Id { get; }

    public Dialect Dialect { get; }

    public Outbox Outbox { get; }

    /// <summary>Set by LOGIN.</summary>
    public Session? Session { get; set; }

    /// <summary>As a timestamp of the time provider.</summary>
    public long OpenedAt { get; }

    /// <summary>
    /// Since when the server waits for bytes, as a timestamp of the time provider; 0 while it has some to see to: whoever
    /// is held back is not silent.
    /// </summary>
    public long SilentSince => Volatile.Read(ref _silentSince);

    /// <summary>How fast frames are taken.</summary>
    public ref FramePace Pace => ref _pace;

    /// <summary>ERRORs that were sent. A frame that was answered by one was refused.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>No more frames are taken; what was sent before still goes out.</summary>
    public bool IsClosing => Volatile.Read(ref _closing) != 0;

    /// <summary>The clock of whatever belongs to this connection.</summary>
    public TimeProvider Time => _time;

    public bool IsWebSocket => Dialect != Dialect.Binary;

    public PipeReader Input => _transport.Input;

    /// <summary>The client has gone, whatever of it is still to be read.</summary>
    public bool HasPeerLeft => _transport.HasPeerLeft;

    public EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    /// <summary>All that came is seen to: the server waits for more.</summary>
    public void BeginSilence()
    {
        _pace.BeginTurn();
        Volatile.Write(ref _silentSince, _time.GetTimestamp());
    }

    /// <summary>Bytes have come.</summary>
    public void EndSilence() => Volatile.Write(ref _silentSince, 0);

    /// <summary>
    /// For while a handler waits: what it needs of a frame it has read by then, and a crowd that waits should hold no memory
    /// for it. False when there is more to be taken of what was read.
    /// </summary>
    public bool TryLetGo(ReadOnlySequence<byte> rest)
    {
        if (!rest.IsEmpty)
            return false;
        Input.AdvanceTo(rest.End);
        return true;
    }

    /// <summary>Sends one frame.</summary>
    public void Send<T>(FrameCode code, T body, JsonTypeInfo<T> type) => Outbox.Send(FrameEncoder.Encode(Dialect, code, body, type));

    public void SendError(string error, string message, string? clientMsgId = null, TimeSpan? retryAfter = null, long? roomId = null)
    {
        Interlocked.Increment(ref _refusals);
        Send(
            FrameCode.Error,
            new ErrorBody { Error = error, Message = message, ClientMsgId = clientMsgId, RetryAfterMs = retryAfter is { } wait ? MillisecondsOf(wait) : null, RoomId = roomId },
            BodyJson.Wire.ErrorBody);
    }

    /// <summary>A wait as clients are told it: whoever comes back after it is not too early.</summary>
    public static long MillisecondsOf(TimeSpan wait) => (long)Math.Max(1, Math.Ceiling(wait.TotalMilliseconds));

    /// <summary>Tells why, then closes.</summary>
    public void CloseWithError(string error, string message, ushort closeCode = WebSocketCloseCode.PolicyViolation) =>
        Close(closeCode, FrameCode.Error, new ErrorBody { Error = error, Message = message }, BodyJson.Wire.ErrorBody);

    /// <summary>Says BYE, then closes.</summary>
    public void CloseWithBye(ByeReason reason, long? afterMs = null)
    {
        // Asked for again and again while a server stops.
        if (IsClosing)
            return;
        Close(
            reason.Reconnect ? WebSocketCloseCode.GoingAway : WebSocketCloseCode.PolicyViolation,
            FrameCode.Bye,
            ByeBody.Of(reason, afterMs),
            BodyJson.Wire.ByeBody);
    }

    /// <summary>Closes after what is in the outbox; wakes the receive loop, which ends the connection.</summary>
    public void Close(ushort closeCode = WebSocketCloseCode.Normal) => Close<ByeBody>(closeCode, default, null, BodyJson.Wire.ByeBody);

    /// <summary>What is sent from now on waits for <see cref="Answer"/>.</summary>
    public void Hold()
    {
        using var outbox = Outbox.EnterScope();
        outbox.Hold();
    }

    /// <summary>Sends one frame, and behind it what waited for it.</summary>
    public void Answer<T>(FrameCode code, T body, JsonTypeInfo<T> type)
    {
        using var outbox = Outbox.EnterScope();
        outbox.Release(FrameEncoder.Encode(Dialect, code, body, type));
    }

    /// <summary>There will be no answer: what waited for it is not sent.</summary>
    public void Drop()
    {
        using var outbox = Outbox.EnterScope();
        outbox.Drop();
    }

    /// <summary>
    /// Says the last word, if there is one, and closes. Both are done by whoever is first, before anybody else can add to
    /// the outbox or end it: one word, and not none.
    /// </summary>
    private void Close<T>(ushort closeCode, FrameCode code, T? lastWord, JsonTypeInfo<T> type)
        where T : class
    {
        using (var outbox = Outbox.EnterScope())
        {
            if (Interlocked.Exchange(ref _closing, 1) != 0)
                return;
            outbox.Drop();
            if (lastWord is not null)
                outbox.Append(FrameEncoder.Encode(Dialect, code, lastWord, type));
            if (IsWebSocket)
            {
                var close = new ArrayBufferWriter<byte>(8);
                WebSocketFrame.WriteClose(close, closeCode);
                outbox.Append(close.WrittenSpan);
            }

            outbox.Close();
        }

        Input.CancelPendingRead();
    }

    /// <summary>Ends the socket at once, whatever waits.</summary>
    public void Abort(string reason)
    {
        Interlocked.Exchange(ref _closing, 1);
        _transport.Abort(reason);
    }
}
