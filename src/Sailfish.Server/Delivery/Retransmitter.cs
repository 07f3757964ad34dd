using Microsoft.Extensions.Options;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>Sends unacked messages again, and after the last time leaves them to SYNC.</summary>
internal sealed class Retransmitter(IOptions<DeliveryOptions> options, PushMetrics metrics)
{
    /// <summary>Called by the sweeper for a session that has a list.</summary>
    public void Sweep(Session session, PendingList pending)
    {
        if (pending.Count == 0)
            return;
        var timeout = TimeSpan.FromSeconds(options.Value.AckTimeoutSeconds);
        var connection = session.Connection;
        lock (connection.Outbox)
        {
            while (pending.TryTakeDue(timeout, out var due))
            {
                if (due.Resends >= options.Value.MaxResends)
                    metrics.GaveUp();
                else
                    SendAgain(session, pending, due);
            }

            connection.Outbox.Flush();
        }
    }

    private void SendAgain(Session session, PendingList pending, Pending due)
    {
        var connection = session.Connection;
        var encoded = due.Message.Encode(connection.Dialect, session.Protocol);
        // A full outbox says the client does not read: sending again would only add to what it has not read.
        if (connection.Outbox.HasRoom(encoded.Bytes.Length))
        {
            connection.Outbox.Append(encoded, connection.Dialect, session.UserId);
            metrics.Resent();
        }

        pending.Add(due.Message, due.Resends + 1);
    }
}
