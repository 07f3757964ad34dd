using System.Buffers;
using System.Text;
using Sailfish.LoadTest.Net;
using Sailfish.LoadTest.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Harness;

/// <summary>A logged-in connection of protocol 2. What a scenario does with messages, its own kind of session says.</summary>
internal class Session : Connection, IFrameSink
{
    private static readonly byte[] SlotPrefix = "{\"userId\":"u8.ToArray();

    private readonly Fleet _fleet;
    private readonly long? _room;
    private readonly string _token;
    private readonly UInt128 _slot;

    internal Session(Fleet fleet, long userId, long? room = null)
    {
        _fleet = fleet;
        _room = room;
        UserId = userId;
        // Here rather than at the login: signing it is not the server's work.
        _token = fleet.Tokens.Mint(userId);
        Span<byte> slot = stackalloc byte[ReceiverSlot.Width];
        ReceiverSlot.Write(slot, Dialect.Binary, userId);
        _slot = BitConverter.ToUInt128(slot);
    }

    internal long UserId { get; }

    /// <summary>Which node it connects to, where there are several: its number modulo theirs.</summary>
    internal int Node { get; init; }

    internal SessionPhase Phase { get; private set; }

    /// <summary>The server said ERROR <c>behind</c>: it has skipped messages for this session, and they are not lost.</summary>
    internal bool IsBehind { get; private set; }

    public FrameCode Awaited => Phase switch
    {
        SessionPhase.Opening or SessionPhase.LoggingIn => FrameCode.Login,
        SessionPhase.Joining => FrameCode.Join,
        _ => FrameCode.Receipt,
    };

    internal void Open(int port)
    {
        Phase = SessionPhase.Opening;
        _fleet.Poller.Connect(this, port);
        if (!_fleet.SendOpening(this, _token))
            LogIn();
    }

    /// <summary>Ends the connection from this side, without a word.</summary>
    internal void Cut()
    {
        Phase = SessionPhase.Ended;
        Poller.Close(this);
    }

    internal override int Consume(ReadOnlyMemory<byte> received)
    {
        var consumed = 0;
        if (Phase == SessionPhase.Opening)
        {
            consumed = _fleet.Transport.ReadOpeningAnswer(received.Span);
            if (consumed == 0)
                return 0;
            LogIn();
        }

        consumed += _fleet.Transport.Read(received[consumed..], this);
        OnReadEnd();
        return consumed;
    }

    internal override void OnClosed()
    {
        if (Phase != SessionPhase.Ended)
            OnCutOff();
        Phase = SessionPhase.Ended;
    }

    public void OnFrame(FrameCode code, ReadOnlySpan<byte> body)
    {
        if (code == FrameCode.Message)
        {
            if (_fleet.NamesPeople && !IsAddressedHere(body))
                _fleet.CountMisaddressed();
            OnMessage(body);
            return;
        }

        switch (code)
        {
            case FrameCode.Receipt: OnReceipt(body); break;
            case FrameCode.Heartbeat: OnHeartbeat(); break;
            case FrameCode.Login: OnLoggedIn(); break;
            case FrameCode.Join: OnJoined(body); break;
            case FrameCode.Sync: OnSync(body); break;
            case FrameCode.Error: OnError(body); break;
            case FrameCode.Bye: OnBye(body); break;
            default: break;
        }
    }

    /// <inheritdoc cref="Fleet.NamesPeople"/>
    protected bool NamesPeople => _fleet.NamesPeople;

    /// <inheritdoc cref="Fleet.Misaddressed"/>
    protected void CountMisaddressed() => _fleet.CountMisaddressed();

    /// <summary>A MESSAGE arrived.</summary>
    protected virtual void OnMessage(ReadOnlySpan<byte> body)
    {
    }

    /// <summary>A heartbeat was answered.</summary>
    protected virtual void OnHeartbeat() => _fleet.CountHeartbeat();

    /// <summary>A RECEIPT arrived.</summary>
    protected virtual void OnReceipt(ReadOnlySpan<byte> body)
    {
    }

    /// <summary>The room is joined: the session is ready.</summary>
    protected virtual void OnJoined(ReadOnlySpan<byte> body) => EnterPhase(SessionPhase.Ready);

    /// <summary>A SYNC arrived.</summary>
    protected virtual void OnSync(ReadOnlySpan<byte> body)
    {
    }

    /// <summary>The server ended the connection.</summary>
    protected virtual void OnCutOff() => _fleet.CountClosed();

    /// <summary>All frames of one read have been handled.</summary>
    protected virtual void OnReadEnd()
    {
    }

    internal void SendHeartbeat() => _fleet.SendHeartbeat(this);

    protected void Send(FrameCode code, ReadOnlySpan<byte> body) => _fleet.Send(this, code, body);

    /// <summary>Writes a frame that <see cref="SendWritten"/> sends later, with others.</summary>
    protected void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body) =>
        _fleet.Transport.Write(output, code, body);

    protected void SendWritten(ReadOnlySpan<byte> frames) => Poller.Send(this, frames);

    /// <summary>Every copy of a message carries its receiver (docs/protocol.md, section 2): whether this is it.</summary>
    private bool IsAddressedHere(ReadOnlySpan<byte> body) =>
        body.Length >= SlotPrefix.Length + ReceiverSlot.Width
        && body.StartsWith(SlotPrefix)
        && BitConverter.ToUInt128(body[SlotPrefix.Length..]) == _slot;

    private void LogIn()
    {
        Phase = SessionPhase.LoggingIn;
        if (_fleet.Transport.LogsInByOpening)
            return;
        var request = new LoginRequest
        {
            Token = _token,
            UserId = UserId,
            AppId = _fleet.AppId,
            Protocol = _fleet.Transport.Protocol,
            Platform = "load",
        };
        Send(FrameCode.Login, BodyJson.ToBytes(request, BodyJson.Wire.LoginRequest));
    }

    private void OnLoggedIn()
    {
        if (_room is not { } room)
        {
            EnterPhase(SessionPhase.Ready);
            return;
        }

        EnterPhase(SessionPhase.Joining);
        Send(FrameCode.Join, BodyJson.ToBytes(new RoomRequest { RoomId = room }, BodyJson.Wire.RoomRequest));
    }

    protected void EnterPhase(SessionPhase phase)
    {
        if (phase == SessionPhase.Ready && Phase != SessionPhase.Ready)
            _fleet.CountReady();
        Phase = phase;
    }

    private void OnError(ReadOnlySpan<byte> body)
    {
        var word = BodyJson.TryRead(new ReadOnlySequence<byte>(body.ToArray()), BodyJson.Wire.ErrorBody, out var error)
            ? error.Error
            : Encoding.UTF8.GetString(body);
        IsBehind |= word == ErrorWords.Behind;
        _fleet.CountError(word);
    }

    private void OnBye(ReadOnlySpan<byte> body)
    {
        var reason = BodyJson.TryRead(new ReadOnlySequence<byte>(body.ToArray()), BodyJson.Wire.ByeBody, out var bye)
            ? bye.Reason
            : Encoding.UTF8.GetString(body);
        _fleet.CountError("bye " + reason);
    }
}
