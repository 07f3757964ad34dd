using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>Messages to all sessions of an app that are online now; not stored.</summary>
internal sealed class Broadcaster(SessionTable sessions, PushMetrics metrics, IAppRelay? relay = null)
{
    /// <summary>Tells it on all nodes; returns how many users got it on this one.</summary>
    public int Send(Announcement announcement)
    {
        relay?.Announce(announcement);
        return Tell(announcement);
    }

    /// <summary>Tells it on this node alone; returns how many users got it.</summary>
    public int Tell(Announcement announcement)
    {
        HashSet<long> users = [];
        foreach (var session in sessions.All(announcement.AppId))
        {
            using (var scope = session.EnterScope())
            {
                if (!scope.TryAppend(announcement.Encode(session)))
                {
                    metrics.Behind(1);
                    continue;
                }

                scope.Outbox.Flush();
            }

            metrics.Pushed(1);
            users.Add(session.UserId);
        }

        return users.Count;
    }
}
