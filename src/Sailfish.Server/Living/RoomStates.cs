using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;
using Sailfish.Server.Text;

namespace Sailfish.Server.Living;

/// <summary>
/// Tells the members of living rooms how the rooms are: at JOIN all of it, then what has changed, at most once a second. A change
/// is made and encoded once for all; who did not ask for it is not looked at.
/// </summary>
internal sealed class RoomStates : IRoomStates
{
    /// <summary>In rooms with more viewers nobody is named: names would be a stream of their own.</summary>
    private const int MaxNamedViewers = 200;

    /// <summary>A second, less what one of the keeper's rounds may come early.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(950);

    /// <summary>Two rounds: nodes tell each other their viewers no faster.</summary>
    private static readonly TimeSpan SharedViewersPace = TimeSpan.FromMilliseconds(1900);

    private readonly LivingTable _table;
    private readonly RoomTable _rooms;
    private readonly RoomViewers _viewers;
    private readonly IRoomStreams _streams;
    private readonly AccountDirectory _accounts;
    private readonly TimeProvider _time;
    private readonly ILogger<RoomStates> _logger;
    private readonly TimeSpan _viewersPace;

    public RoomStates(
        LivingTable table, RoomTable rooms, RoomViewers viewers, IRoomStreams streams, AccountDirectory accounts, TimeProvider time, ILogger<RoomStates> logger, IRoomCounts? counts = null)
    {
        (_table, _rooms, _viewers, _streams, _accounts, _time, _logger) = (table, rooms, viewers, streams, accounts, time, logger);
        _viewersPace = counts is null ? Pace : SharedViewersPace;
        streams.OnChanged(Tell);
    }

    public RoomReply Describe(RoomKey room, RoomReply answer, TokenIdentity who)
    {
        if (_table.Find(room) is not { } living)
            return answer;
        var shown = StateOf(living, answer.Viewers ?? 0);
        living.Told.NoteShown(shown);
        return shown.AddTo(answer) with { StreamUrl = _streams.UrlFor(room, who.User, who.PageSession) };
    }

    public Announcement? Whole(RoomKey room) => _table.Find(room)?.Told.Whole;

    public void Entered(RoomKey room, TokenIdentity who)
    {
        var user = who.User.UserId;
        if (_table.Find(room) is { } living && !Ids.IsGuest(user) && user != living.Row.AnchorId && living.Told.TakesNames && _viewers.Of(room) <= MaxNamedViewers)
            _ = AddNameAsync(living, who);
    }

    /// <summary>At once, when the room was told nothing within the last second; else in one of the keeper's rounds.</summary>
    public void Tell(RoomKey room)
    {
        if (_table.Find(room) is { } living)
            Tell(living);
    }

    /// <summary>Tells what has changed, if anything; each second by the keeper.</summary>
    public void Tell(LivingRoom room)
    {
        var told = room.Told;
        lock (told.Telling)
        {
            if (!HasPassed(told.ToldAt, Pace))
                return;
            var now = StateOf(room, _viewers.Of(room.Key));
            var parts = told.TakeDifference(now);
            if (parts.HasFlag(StateParts.Viewers) && !HasPassed(told.ViewersToldAt, _viewersPace))
            {
                told.PutBack(StateParts.Viewers);
                (now, parts) = (now with { Viewers = told.State.Viewers }, parts & ~StateParts.Viewers);
            }

            Tell(room, now, parts, told.TakeJoined());
        }
    }

    private void Tell(LivingRoom room, RoomState now, StateParts parts, IReadOnlyList<string> joined)
    {
        if (parts == StateParts.None && joined.Count == 0)
            return;
        var told = room.Told;
        told.ToldAt = _time.GetTimestamp();
        if (parts.HasFlag(StateParts.Viewers))
            told.ViewersToldAt = told.ToldAt;
        told.Set(now);
        if (_rooms.Find(room.Key) is { StateConnections: > 0 } here)
            here.TellState(now.ToMessage(room.Key, parts, joined));
    }

    private RoomState StateOf(LivingRoom room, int viewers)
    {
        var stream = _streams.Find(room.Key);
        var texts = room.Texts;
        return new RoomState(stream.State, stream.Width, stream.Height, viewers, texts.Name, texts.Announcement);
    }

    private bool HasPassed(long? since, TimeSpan time) => since is not { } at || _time.GetElapsedTime(at) >= time;

    /// <summary>Of an account the name is mostly in memory; nobody waits for it where it is not.</summary>
    private async Task AddNameAsync(LivingRoom room, TokenIdentity who)
    {
        try
        {
            var account = who.Name is null ? await _accounts.FindAsync(who.User.AppId, who.User.UserId, CancellationToken.None) : null;
            if ((who.Name ?? account?.NickName) is { } name)
                room.Told.AddJoined(NameIn(room, name, who.User.UserId));
        }
#pragma warning disable CA1031 // nobody waits for it, and he is in the room without being named
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LivingLog.NotNamed(_logger, fault, room.Row.Id);
        }
    }

    /// <summary>As in chat: nobody is taken for the anchor.</summary>
    private static string NameIn(LivingRoom room, string name, long user) =>
        room.AnchorLook.IsLike(new NameLook(name)) ? $"{name} ({user})" : name;
}
