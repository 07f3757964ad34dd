using Sailfish.Client.Receiving;

namespace Sailfish.Client.Connection;

/// <summary>Carries out an inbox's wishes with the connection there is. Without one they are void: the next SYNC repeats them.</summary>
/// <param name="buffer">Where messages wait for the application.</param>
/// <param name="gap">Messages are lost.</param>
/// <param name="closed">A room's last message came. Must not call back into the inbox at once.</param>
internal sealed class InboxSink(MessageBuffer buffer, Action<string?, long?, long?> gap, Action<long> closed) : IInboxSink
{
    private volatile Link? _link;

    public void Attach(Outbox outbox, SyncPlan plan) => _link = new Link(outbox, plan);

    public void Detach() => _link = null;

    public bool TryDeliver(SailfishMessage message)
    {
        if (RoomClose.Read(message) is not { } roomId)
            return buffer.TryAdd(message);
        closed(roomId);
        return true;
    }

    public void AckUpTo(string conversation, long seq) => _link?.Outbox.AckUpTo(conversation, seq);

    public void AckOne(string msgId) => _link?.Outbox.AckOne(msgId);

    public void NeedSync(string conversation) => _link?.Plan.AddRepair(conversation);

    public void Gap(string? conversation, long? firstMissing, long? lastMissing) => gap(conversation, firstMissing, lastMissing);

    private sealed record Link(Outbox Outbox, SyncPlan Plan);
}
