using Microsoft.Extensions.Options;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>Sends unacked messages again, and after the last time leaves them to SYNC.</summary>
internal sealed class Retransmitter(IOptions<DeliveryOptions> options, PushMetrics metrics)
{
    /// <summary>Called by the sweeper.</summary>
    public void Sweep(Session session)
    {
        if (!session.HasPending)
            return;
        var timeout = TimeSpan.FromSeconds(options.Value.AckTimeoutSeconds);
        using var scope = session.EnterScope();
        while (scope.TryTakeDue(timeout, out var due))
        {
            if (due.Resends >= options.Value.MaxResends)
                metrics.GaveUp();
            else
                SendAgain(session, scope, due);
        }

        scope.Outbox.Flush();
    }

    private void SendAgain(Session session, Session.Scope scope, Pending due)
    {
        // A full outbox says the client does not read: sending again would only add to what it has not read.
        if (scope.TryAppend(session.Encode(due.Message)))
            metrics.Resent();
        scope.AddPending(due.Message, due.Resends + 1);
    }
}
