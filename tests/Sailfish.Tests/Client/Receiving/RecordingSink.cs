using Sailfish.Client;
using Sailfish.Client.Receiving;

namespace Sailfish.Tests.Client.Receiving;

/// <summary>Writes down what an inbox wants.</summary>
internal sealed class RecordingSink : IInboxSink
{
    public List<SailfishMessage> Delivered { get; } = [];

    public List<string> Acks { get; } = [];

    public List<string> Syncs { get; } = [];

    public List<string> Gaps { get; } = [];

    public int Room { get; set; } = int.MaxValue;

    public IEnumerable<long?> Seqs => Delivered.Select(message => message.Seq);

    public bool TryDeliver(SailfishMessage message)
    {
        if (Delivered.Count >= Room)
            return false;
        Delivered.Add(message);
        return true;
    }

    public void AckUpTo(string conversation, long seq) => Acks.Add($"{conversation}<={seq}");

    public void AckOne(string msgId) => Acks.Add(msgId);

    public void NeedSync(string conversation) => Syncs.Add(conversation);

    public void Gap(string? conversation, long? firstMissing, long? lastMissing) =>
        Gaps.Add($"{conversation} {firstMissing}-{lastMissing}");
}
