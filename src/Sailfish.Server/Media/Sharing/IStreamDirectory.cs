using Sailfish.Server.Conversations;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media.Sharing;

/// <summary>Which node has a room's stream.</summary>
internal interface IStreamDirectory
{
    /// <summary>The room's stream with this publisher; else why not.</summary>
    ValueTask<(LiveStream? Stream, string? Refusal)> BeginAsync(RoomKey room, Publication publication);

    /// <summary>The stream as all nodes know it, from memory; null where there is none, or no other node.</summary>
    SharedStream? Find(RoomKey room);

    /// <summary>Likewise, when another node has it.</summary>
    SharedStream? FindElsewhere(RoomKey room);

    /// <summary>At the start: called after a stream is another one, as all nodes know it.</summary>
    void OnChanged(Action<RoomKey> changed);
}
