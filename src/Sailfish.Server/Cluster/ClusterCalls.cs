using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>Asks other nodes what only they know. Who does not answer in time is left out, and the asker is told who did.</summary>
internal sealed class ClusterCalls(ClusterSender sender, PendingCalls calls, ClusterMetrics metrics, TimeProvider time)
{
    /// <summary>How long answers are waited for.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    /// <summary>The answers that came, at once when all did; none when too many questions wait already.</summary>
    /// <param name="nodes">The generations of other nodes.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellationToken">The asker has gone.</param>
    public async Task<IReadOnlyList<NodeAnswer>> AskAsync(IReadOnlyCollection<long> nodes, ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        if (nodes.Count == 0)
            return [];
        if (calls.TryBegin(nodes) is not { } call)
        {
            metrics.Asked("too_many");
            return [];
        }

        try
        {
            Send(nodes, new CallItem(call.Number, question), call);
            await call.Done.WaitAsync(Limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Some do not answer: the asker gets what came.
        }
        finally
        {
            calls.End(call);
        }

        var answers = call.Answers;
        metrics.Asked(answers.Count == nodes.Count ? "complete" : "incomplete");
        return answers;
    }

    /// <summary>A node that the bus does not reach is not waited for.</summary>
    private void Send(IReadOnlyCollection<long> nodes, CallItem item, PendingCall call)
    {
        foreach (var node in nodes)
        {
            if (!sender.SendOne(node, item))
                call.Miss(node);
        }
    }
}
