using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A node that is nothing but its link to the others. It answers a question with its number and the question.</summary>
internal sealed class LinkNode : IClusterSink, ICallHandler, IAsyncDisposable
{
    private readonly long _generation;

    public LinkNode(long generation, IClusterBusFactory buses, ClusterMetrics metrics)
    {
        _generation = generation;
        Link = new ClusterLink(generation, buses, this, this, () => true, metrics, TimeProvider.System, NullLoggerFactory.Instance);
        Link.Start();
    }

    public ClusterLink Link { get; }

    /// <summary>Of which nodes something may have been missed.</summary>
    public ConcurrentQueue<long> Missed { get; } = new();

    public ValueTask DisposeAsync() => Link.DisposeAsync();

    void IClusterSink.Messages(IReadOnlyList<MessageItem> messages)
    {
    }

    void IClusterSink.Places(IReadOnlyList<PlaceItem> places)
    {
    }

    void IClusterSink.Control(ControlItem control)
    {
    }

    void IClusterSink.Missed(long source) => Missed.Enqueue(source);

    void IClusterSink.HealthChanged(BusHealth health)
    {
    }

    ValueTask<ReadOnlyMemory<byte>> ICallHandler.AnswerAsync(long source, ReadOnlyMemory<byte> question, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>(Encoding.ASCII.GetBytes($"{_generation}: {Encoding.ASCII.GetString(question.Span)}"));
}
