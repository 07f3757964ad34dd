using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Api;

/// <summary>
/// How many of those who a message is for are online, on all nodes. A node that is alone knows it from the delivery. The
/// message is stored, or told, by then: that they cannot be counted elsewhere makes no failure of it.
/// </summary>
internal sealed class OnlineUsers(RoomViewers viewers, ISessionDirectory? directory = null)
{
    /// <param name="done">Messages of one call, stored.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    public async ValueTask<int> CountAsync(IReadOnlyList<Submission> done, CancellationToken cancellationToken)
    {
        var here = done.Sum(s => s.OnlineUsers);
        return directory is null ? here : await OrElseAsync(async () => here + await CountElsewhereAsync(done, directory, cancellationToken), here);
    }

    /// <summary>Of those that something was told to which is for all users of an app.</summary>
    /// <param name="appId">The app.</param>
    /// <param name="here">How many this node told.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    public async ValueTask<int> CountAllAsync(long appId, int here, CancellationToken cancellationToken) =>
        directory is null ? here : await OrElseAsync(async () => await directory.CountAsync(appId, cancellationToken), here);

    private async Task<int> CountElsewhereAsync(IReadOnlyList<Submission> done, ISessionDirectory sessions, CancellationToken cancellationToken)
    {
        // What was stored before is delivered to nobody.
        var delivered = done.Where(s => !s.IsDuplicate).ToList();
        if (delivered.Count == 0)
            return 0;
        var conversation = delivered[0].Conversation;
        if (conversation.IsRoom)
            return (await viewers.ReadElsewhereAsync(RoomKey.Of(conversation), cancellationToken)).Viewers;
        var notHere = delivered.Where(s => s.OnlineUsers == 0).Select(s => s.Conversation.Peer(s.SenderId)).ToList();
        return notHere.Count == 0 ? 0 : (await sessions.OnlineAsync(conversation.AppId, notHere, cancellationToken)).Count;
    }

    private static async Task<int> OrElseAsync(Func<Task<int>> count, int here)
    {
        try
        {
            return await count();
        }
#pragma warning disable CA1031 // whatever the store says: who sent it must not send it again for that
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return here;
        }
    }
}
