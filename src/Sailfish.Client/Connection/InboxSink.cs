using Sailfish.Client.Receiving;

namespace Sailfish.Client.Connection;

/// <summary>Carries out an inbox's wishes with the connection there is. Without one they are void: the next SYNC repeats them.</summary>
internal sealed class InboxSink(MessageBuffer buffer, Action<string?, long?, long?> gap) : IInboxSink
{
    private volatile Link? _link;

    public void Attach(Outbox outbox, SyncPlan plan) => _link = new Link(outbox, plan);

    public void Detach() => _link = null;

    public bool TryDeliver(SailfishMessage message) => buffer.TryAdd(message);

    public void AckUpTo(string conversation, long seq) => _link?.Outbox.AckUpTo(conversation, seq);

    public void AckOne(string msgId) => _link?.Outbox.AckOne(msgId);

    public void NeedSync(string conversation) => _link?.Plan.AddRepair(conversation);

    public void Gap(string? conversation, long? firstMissing, long? lastMissing) => gap(conversation, firstMissing, lastMissing);

    private sealed record Link(Outbox Outbox, SyncPlan Plan);
}
