using System.Net;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Relaying;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Media.Viewers;

/// <summary>Who may watch what, and how many there are.</summary>
internal sealed class ViewerDesk(
    StreamTable streams,
    StreamTokens tokens,
    StreamAccess access,
    LivingService living,
    AppTable apps,
    ServerState state,
    IOptions<MediaOptions> options,
    MediaMetrics metrics,
    TimeProvider time,
    StreamRelay? relay = null)
{
    /// <summary>For one who comes while the publisher's first keyframe is awaited.</summary>
    private static readonly TimeSpan BeginLimit = TimeSpan.FromSeconds(1);

    /// <summary>Likewise, where the stream is to be fetched from another node first.</summary>
    private static readonly TimeSpan RelayLimit = TimeSpan.FromSeconds(3);

    /// <summary>For a peer to answer the close.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<ClientAddress, int> _ofAddress = [];
    private readonly Dictionary<UserKey, int> _ofUser = [];
    private int _count;

    /// <summary>The stream, with a place there that is to be given back; else why not. The token is looked at before all else.</summary>
    public async ValueTask<ViewAnswer> AskAsync(ViewRequest request, EndPoint? remote, CancellationToken cancellationToken)
    {
        var token = options.Value.Enabled ? await tokens.ReadAsync(request.Token) : null;
        if (token is null && !options.Value.Anonymous)
            return Refuse(ViewRefusal.NoToken);
        var room = new RoomKey(apps.First.AppId, request.RoomId ?? 0);
        if (token is not null && (token.RoomId != room.RoomId || token.User.AppId != room.AppId || await access.IsOutAsync(room, token.User, token.MintedAt, token.PageSession)))
            return Refuse(ViewRefusal.NotAllowed);
        if (request.RoomId is null || await living.FindAsync(room) is null)
            return Refuse(ViewRefusal.NoRoom);
        if (state.IsDraining)
            return Refuse(ViewRefusal.Draining);
        var (stream, refusal) = Find(room);
        if (stream is null || !await HasBegunAsync(stream, cancellationToken))
            return Refuse(stream is null ? refusal : ViewRefusal.NothingPublished);
        var pass = new ViewerPass(token?.User, token?.MintedAt ?? 0, token?.PageSession, ClientAddress.Of(remote));
        return TryTake(stream, pass) ? new ViewAnswer(ViewRefusal.None, stream, pass) : Refuse(ViewRefusal.Full);
    }

    /// <summary>Whether somebody has a token that is good, or needs none.</summary>
    public async ValueTask<bool> IsKnownAsync(ViewRequest request) => options.Value.Anonymous || await tokens.ReadAsync(request.Token) is not null;

    /// <summary>The stream for another node, which has shown that it may have it: only what comes in here. It takes no place.</summary>
    public async ValueTask<ViewAnswer> AskAsync(RoomKey room, EndPoint? remote, CancellationToken cancellationToken)
    {
        if (state.IsDraining)
            return Refuse(ViewRefusal.Draining);
        if (streams.Find(room) is not { IsRelayed: false } stream)
            return Refuse(relay?.IsElsewhere(room) == true ? ViewRefusal.Loop : ViewRefusal.NothingPublished);
        if (!await HasBegunAsync(stream, cancellationToken))
            return Refuse(ViewRefusal.NothingPublished);
        return new ViewAnswer(ViewRefusal.None, stream, new ViewerPass(null, 0, null, ClientAddress.Of(remote)) { IsRelay = true });
    }

    /// <summary>Sends the stream until it, or the peer, ends. What came with the request was taken; gives back the place.</summary>
    public async Task ServeAsync(ViewAnswer answer, Transport transport, bool isWebSocket, Func<Viewer, Task> watch)
    {
        var (stream, pass) = (answer.Stream!, answer.Pass!);
        transport.LimitUnsent(options.Value.UnsentBytes);
        var viewer = new Viewer(stream, transport, isWebSocket, pass, options.Value, metrics, time);
        // Listed first: whoever ends the stream, or its tracks, meets it.
        stream.Viewers.Add(viewer);
        try
        {
            if (stream.Join() is { } place)
                viewer.Start(place);
            else
                viewer.End(ViewerEnd.NothingPublished);
            var watching = watch(viewer);
            await Task.WhenAny(viewer.Done, watching);
            // A peer that is told why sees it out: what it says meanwhile must not reset the connection.
            await Task.WhenAny(watching, Task.Delay(viewer.Done.IsCompleted && isWebSocket ? LastWords : TimeSpan.Zero, time, CancellationToken.None));
        }
        finally
        {
            viewer.Finish();
            stream.Viewers.Remove(viewer);
            Return(pass);
        }
    }

    /// <summary>Gives back the place of one who was let in and did not come.</summary>
    public void Return(ViewerPass pass)
    {
        if (pass.IsRelay)
            return;
        lock (_gate)
        {
            _count--;
            Leave(_ofAddress, pass.Address);
            if (pass.User is { } user)
                Leave(_ofUser, user);
        }
    }

    /// <summary>What comes in here, or is fetched from where it does.</summary>
    private (LiveStream? Stream, ViewRefusal Refusal) Find(RoomKey room)
    {
        if (streams.Find(room) is { IsRelayed: false } own)
            return (own, ViewRefusal.None);
        return relay?.Open(room) ?? (null, ViewRefusal.NothingPublished);
    }

    private static void Leave<T>(Dictionary<T, int> counts, T key)
        where T : notnull
    {
        if (--counts[key] == 0)
            counts.Remove(key);
    }

    private async ValueTask<bool> HasBegunAsync(LiveStream stream, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        while (stream.Join() is null)
        {
            if (time.GetElapsedTime(asked) > (stream.IsRelayed ? RelayLimit : BeginLimit))
                return false;
            await Task.Delay(Poll, time, cancellationToken);
        }

        return true;
    }

    private bool TryTake(LiveStream stream, ViewerPass pass)
    {
        var limits = options.Value;
        lock (_gate)
        {
            var (address, user) = (_ofAddress.GetValueOrDefault(pass.Address), pass.User is { } who ? _ofUser.GetValueOrDefault(who) : 0);
            if (_count >= limits.MaxViewers || IsAt(limits.MaxViewersPerStream, stream.Viewers.Count)
                || IsAt(limits.MaxViewersPerAddress, address) || (pass.User is not null && IsAt(limits.MaxViewersPerUser, user)))
                return false;
            _count++;
            _ofAddress[pass.Address] = address + 1;
            if (pass.User is { } key)
                _ofUser[key] = user + 1;
            return true;
        }
    }

    private static bool IsAt(int limit, int count) => limit > 0 && count >= limit;

    private ViewAnswer Refuse(ViewRefusal refusal)
    {
        metrics.Refused($"viewer_{refusal}");
        return new ViewAnswer(refusal, null, null);
    }
}

/// <summary>What somebody who wants to watch is told.</summary>
/// <param name="Refusal">Why not.</param>
/// <param name="Stream">What there is to watch.</param>
/// <param name="Pass">By what right.</param>
internal sealed record ViewAnswer(ViewRefusal Refusal, LiveStream? Stream, ViewerPass? Pass)
{
    /// <summary>As a WebSocket's close code.</summary>
    public ViewerEnd End => Refusal switch
    {
        ViewRefusal.NoToken or ViewRefusal.NotAllowed => ViewerEnd.NotAllowed,
        ViewRefusal.Full or ViewRefusal.NoRelay => ViewerEnd.Full,
        ViewRefusal.Draining => ViewerEnd.Draining,
        ViewRefusal.None => ViewerEnd.None,
        _ => ViewerEnd.NothingPublished,
    };
}

/// <summary>Why somebody may not watch.</summary>
internal enum ViewRefusal
{
    None,

    /// <summary>There is no token, or it is not good.</summary>
    NoToken,

    /// <summary>The token is of another room, or its user was put out.</summary>
    NotAllowed,

    /// <summary>There is no such room, or it is not open.</summary>
    NoRoom,

    /// <summary>Nobody publishes there.</summary>
    NothingPublished,

    /// <summary>There is no place for one more.</summary>
    Full,

    /// <summary>It comes in through another node, which does not say where it is to be fetched.</summary>
    NoRelay,

    /// <summary>A node asks for what this one fetches from another itself.</summary>
    Loop,

    /// <summary>The server stops.</summary>
    Draining,
}
