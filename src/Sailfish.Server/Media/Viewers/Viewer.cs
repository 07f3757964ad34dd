using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Media.Viewers;

/// <summary>
/// Somebody who watches: a place in the chain of a stream, and a transport. Finished bytes are sent to it as the transport takes
/// them; when it is late it goes on with the newest keyframe. Whoever pushes when nobody else does, sends.
/// </summary>
internal sealed class Viewer(LiveStream stream, Transport transport, bool isWebSocket, ViewerPass pass, MediaOptions options, MediaMetrics metrics, TimeProvider time)
{
    /// <summary>Tells the peer's loop that nothing more is sent.</summary>
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>1 while somebody sends.</summary>
    private int _busy;

    /// <summary>What was sent last, while the chain is followed; null when it was let go because the viewer is late.</summary>
    private FrameNode? _at;
    private FrameNode? _first;
    private StreamHead? _head;
    private FrameNode? _opening;
    private bool _waitsForKey;
    private bool _isStarted;
    private byte[]? _owed;
    private int _end;
    private bool _hasSaidEnd;
    private bool _hasLeft;
    private long _movedAt = time.GetTimestamp();

    public LiveStream Stream { get; } = stream;

    public ViewerPass Pass { get; } = pass;

    /// <summary>Done when nothing more is sent.</summary>
    public Task Done => _done.Task;

    /// <summary>It has been told to end.</summary>
    public bool IsEnding => Volatile.Read(ref _end) != 0;

    /// <summary>For how long bytes have waited that the peer does not take; null when none do.</summary>
    public TimeSpan? StuckFor => Volatile.Read(ref _busy) == 1 ? time.GetElapsedTime(Volatile.Read(ref _movedAt)) : null;

    /// <summary>Times that it went on with a later keyframe.</summary>
    public int Skips { get; private set; }

    /// <summary>Begins. Once, after it is among the stream's viewers.</summary>
    public void Start(Place place)
    {
        (_head, _opening, _first, _at, _waitsForKey) = (place.Head, place.Head.Opening, place.First, place.After, place.WaitsForKey);
        Volatile.Write(ref _isStarted, true);
        Push();
    }

    /// <summary>Sends what there is, unless somebody does that already.</summary>
    public void Push()
    {
        if (!Volatile.Read(ref _isStarted) && Volatile.Read(ref _end) == 0)
            return;
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            LetGo();
            return;
        }

        if (!TrySendAll(out var rest))
            _ = SendRestAsync(rest);
    }

    /// <summary>Answers between two messages, such as a pong.</summary>
    public void Owe(byte[] frame)
    {
        Volatile.Write(ref _owed, frame);
        Push();
    }

    /// <summary>Nothing more comes after what is there; or, unless the stream itself has ended, after what is on its way.</summary>
    public void End(ViewerEnd end)
    {
        Interlocked.CompareExchange(ref _end, (int)end, 0);
        Push();
    }

    /// <summary>The peer wants no more.</summary>
    public void Leave()
    {
        Volatile.Write(ref _hasLeft, true);
        End(ViewerEnd.Ended);
    }

    /// <summary>The peer is gone.</summary>
    public void Finish()
    {
        Interlocked.CompareExchange(ref _end, (int)ViewerEnd.Ended, 0);
        _done.TrySetResult();
    }

    /// <summary>It takes nothing: reset, since in good order what it has not read would stay in the kernel for as long as it says so.</summary>
    public void Cut()
    {
        transport.Abort("The viewer takes nothing.");
        Finish();
    }

    /// <summary>True when all is sent, or nothing more will be; false when the transport does not take more now.</summary>
    private bool TrySendAll(out ReadOnlyMemory<byte> rest)
    {
        rest = default;
        do
        {
            while (TakeNext() is { } next)
            {
                var sent = transport.TrySend(next.Span);
                Volatile.Write(ref _movedAt, time.GetTimestamp());
                metrics.BytesOut(sent);
                if (sent == next.Length)
                    continue;
                rest = next[sent..];
                return false;
            }

            if (_hasSaidEnd)
                _done.TrySetResult();
            Volatile.Write(ref _busy, 0);
        }
        while (HasNext() && Interlocked.CompareExchange(ref _busy, 1, 0) == 0);
        return true;
    }

    private async Task SendRestAsync(ReadOnlyMemory<byte> rest)
    {
        try
        {
            do
            {
                await transport.SendAsync(rest);
                metrics.BytesOut(rest.Length);
                Volatile.Write(ref _movedAt, time.GetTimestamp());
            }
            while (!TrySendAll(out rest));
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException or ConnectionAbortedException or InvalidOperationException)
        {
            // Still busy: nobody sends any more.
            Finish();
        }
    }

    /// <summary>What is to be sent now; null when there is nothing.</summary>
    private ReadOnlyMemory<byte>? TakeNext()
    {
        if (Interlocked.Exchange(ref _owed, null) is { } owed)
            return owed;
        var end = (ViewerEnd)Volatile.Read(ref _end);
        if (end is not (ViewerEnd.None or ViewerEnd.Ended) || Volatile.Read(ref _hasLeft) || _hasSaidEnd)
            return TakeEnd(end);
        if (Interlocked.Exchange(ref _opening, null) is { } opening)
            return BytesOf(opening);
        if (NextNode() is { } node)
            return BytesOf(node);
        return end == ViewerEnd.Ended ? TakeEnd(end) : null;
    }

    private bool HasNext()
    {
        if (_hasSaidEnd)
            return false;
        if (Volatile.Read(ref _owed) is not null || Volatile.Read(ref _end) != 0)
            return true;
        return Volatile.Read(ref _at) is not { } at || at.Next is not null;
    }

    private ReadOnlyMemory<byte>? TakeEnd(ViewerEnd end)
    {
        if (_hasSaidEnd)
            return null;
        _hasSaidEnd = true;
        if (!isWebSocket)
            return null;
        var close = new ArrayBufferWriter<byte>();
        WebSocketFrame.WriteClose(close, (ushort)end);
        return close.WrittenMemory;
    }

    private FrameNode? NextNode()
    {
        while (_isStarted)
        {
            if (Take() is not { } node)
                return null;
            if (_waitsForKey && !node.IsKey)
                continue;
            _waitsForKey = false;
            if (node.Head is not { } head || head == _head)
                return node;
            // Other headers since the last that was sent: these first, then the node.
            (_head, _first) = (head, node);
            return head.Headers;
        }

        return null;
    }

    /// <summary>The next of the chain, or where it goes on for who is late.</summary>
    private FrameNode? Take()
    {
        if (Interlocked.Exchange(ref _first, null) is { } first)
        {
            Volatile.Write(ref _at, first);
            return first;
        }

        var at = Volatile.Read(ref _at);
        if (at is null || (at.Next is not null && Stream.IsLate(at, options.MaxLagMilliseconds)))
            return Skip(at);
        if (at.Next is { } next)
            Volatile.Write(ref _at, next);
        return at.Next;
    }

    private FrameNode? Skip(FrameNode? at)
    {
        var place = Stream.Rejoin(at);
        Skips++;
        metrics.Skipped();
        _waitsForKey = place.WaitsForKey;
        Volatile.Write(ref _at, place.First ?? place.After);
        return place.First;
    }

    /// <summary>
    /// Called while somebody else sends, and waits: a place that is too far back would keep all of the chain from there on.
    /// </summary>
    private void LetGo()
    {
        LetGo(ref _at);
        LetGo(ref _first);
    }

    private void LetGo(ref FrameNode? place)
    {
        if (Volatile.Read(ref place) is { } node && Stream.IsLate(node, 2 * options.MaxLagMilliseconds))
            Interlocked.CompareExchange(ref place, null, node);
    }

    private ReadOnlyMemory<byte> BytesOf(FrameNode node) => isWebSocket ? node.Message : node.Flv;
}

/// <summary>Who watches, and by what right.</summary>
/// <param name="User">Null for who needs no token.</param>
/// <param name="MintedAt">When the token was, in ms since 1970: who was put out after it is cut.</param>
/// <param name="PageSession">The session of the page that the token came from.</param>
/// <param name="Address">Whose place it takes.</param>
internal sealed record ViewerPass(UserKey? User, long MintedAt, string? PageSession, ClientAddress Address)
{
    /// <summary>It is another node, for viewers there: it is counted there, and takes no place here.</summary>
    public bool IsRelay { get; init; }
}
