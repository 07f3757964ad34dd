using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Messaging;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>Messages to all sessions of an app that are online now; not stored.</summary>
internal sealed class Broadcaster(SessionTable sessions, DeliveryMetrics metrics)
{
    /// <summary>Returns how many users got it.</summary>
    public int Send(long appId, MessageBody message)
    {
        var encoded = new EncodedMessage?[StoredMessage.EncodingCount];
        HashSet<long> users = [];
        foreach (var session in sessions.All(appId))
        {
            var connection = session.Connection;
            var index = StoredMessage.EncodingIndex(connection.Dialect, session.Protocol);
            var bytes = encoded[index] ??= MessageEncoder.Encode(message, connection.Dialect, session.Protocol);
            lock (connection.Outbox)
            {
                if (!connection.Outbox.HasRoom(bytes.Bytes.Length))
                {
                    metrics.Behind(1);
                    continue;
                }

                connection.Outbox.Append(bytes, connection.Dialect, session.UserId);
                connection.Outbox.Flush();
            }

            metrics.Pushed(1);
            users.Add(session.UserId);
        }

        return users.Count;
    }
}
