using System.Collections.Concurrent;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>Notes what a node is told by others, and answers with what it was asked.</summary>
internal sealed class ClusterTraffic : IClusterSink, ICallHandler
{
    public ConcurrentQueue<string> Told { get; } = new();

    public ConcurrentQueue<long> Missed { get; } = new();

    /// <summary>What becomes of a question.</summary>
    public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Answer { get; set; } = (question, _) => ValueTask.FromResult(question);

    public void Messages(IReadOnlyList<MessageItem> messages)
    {
        foreach (var item in messages)
            Told.Enqueue($"message {item.Message.ConversationId}-{item.Message.Seq}");
    }

    public void Places(IReadOnlyList<PlaceItem> places)
    {
        foreach (var place in places)
            Told.Enqueue($"place {place.ConversationId}-{place.FirstSeq} {place.Count}");
    }

    public void Control(ControlItem control) => Told.Enqueue(control is ControlItem.Changed { Id: 13 } ? throw new InvalidOperationException("13") : $"control {control}");

    void IClusterSink.Missed(long source) => Missed.Enqueue(source);

    public void HealthChanged(BusHealth health) => Told.Enqueue($"health {health}");

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(long source, ReadOnlyMemory<byte> question, CancellationToken cancellationToken) => Answer(question, cancellationToken);
}
