using Sailfish.Server.Conversations;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>Streams on the other nodes: by questions to all of them.</summary>
internal sealed class StreamPeers(ClusterNode node, ClusterView cluster, NodeLease lease) : IStreamPeers
{
    public async ValueTask<IReadOnlyList<StreamReport>> ListAsync(RoomKey room, CancellationToken cancellationToken)
    {
        var answers = await AskAsync(QuestionTypes.StreamReport, new RoomQuestion(room, 0), cancellationToken);
        return [.. answers.Select(answer => StreamReportQuestion.Read(answer.Payload.Span)).OfType<StreamReport>()];
    }

    public async ValueTask<bool> StopAsync(RoomKey room, CancellationToken cancellationToken) =>
        (await AskAsync(QuestionTypes.StreamStop, new RoomQuestion(room, 0), cancellationToken)).Any(answer => Numbers.IsYes(answer.Payload.Span));

    public async ValueTask PutOutAsync(RoomKey room, long userId, CancellationToken cancellationToken) =>
        await AskAsync(QuestionTypes.StreamPutOut, new RoomQuestion(room, userId), cancellationToken);

    private ValueTask<IReadOnlyList<NodeAnswer>> AskAsync(byte type, RoomQuestion question, CancellationToken cancellationToken)
    {
        List<long> others = [.. cluster.Nodes.Select(other => other.Generation).Where(other => other != lease.Generation)];
        return node.AskAsync(others, type, question.ToBytes(), cancellationToken);
    }
}
