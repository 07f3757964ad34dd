using System.Globalization;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media;

/// <summary>What the rooms are told of their streams.</summary>
internal sealed class RoomStreams(StreamTable streams, IStreamDirectory directory, StreamTokens tokens, StreamAccess access, PathBase pathBase, IOptions<MediaOptions> options) : IRoomStreams
{
    /// <summary>Until a publisher here has a picture, the stream is as it was before, wherever that was.</summary>
    public RoomStream Find(RoomKey room)
    {
        var own = streams.Find(room) is { IsRelayed: false } stream ? stream : null;
        if (own is { State: not StreamState.Off })
            return new RoomStream(own.State, own.Stats.Width, own.Stats.Height, IsHere: true);
        var shared = own is null ? directory.FindElsewhere(room) : directory.Find(room);
        return shared is null ? default : new RoomStream(shared.State, shared.Width, shared.Height, IsHere: own is not null);
    }

    public string UrlFor(RoomKey room, UserKey user, string? pageSession)
    {
        if (Find(room).State == StreamState.Off || access.IsBarred(room, user))
            return "";
        var path = string.Create(CultureInfo.InvariantCulture, $"{pathBase.Value}/live/{room.RoomId}.flv");
        return options.Value.Anonymous ? path : $"{path}?token={tokens.Mint(room, user, pageSession)}";
    }

    public void OnChanged(Action<RoomKey> changed)
    {
        streams.OnChanged(changed);
        directory.OnChanged(changed);
    }
}
