using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>What is done in a room on the other nodes: by questions.</summary>
internal sealed class RoomRelay(ClusterNode node, IRoomCounts counts, ISessionDirectory sessions, ClusterView cluster, NodeLease lease) : IRoomRelay, IGuestBook
{
    /// <summary>All nodes are asked: on one of them he may be joining, which is not noted yet.</summary>
    public async ValueTask<int> KickAsync(RoomKey room, long userId, TimeSpan? ban, CancellationToken cancellationToken)
    {
        var noted = await NodesOfAsync(room, cancellationToken);
        var question = new RoomQuestion(room, userId, (long?)ban?.TotalMilliseconds ?? 0);
        var answers = await AskAsync([.. noted.Union(Others())], QuestionTypes.RoomKick, question, cancellationToken);
        return (int)answers.Sum(answer => Numbers.Read(answer.Payload.Span).FirstOrDefault());
    }

    public async ValueTask<IReadOnlyList<long>> UsersAsync(RoomKey room, long above, int count, CancellationToken cancellationToken)
    {
        var answers = await AskAsync(await NodesOfAsync(room, cancellationToken), QuestionTypes.RoomUsers, new RoomQuestion(room, above, count), cancellationToken);
        return [.. answers.SelectMany(answer => Numbers.Read(answer.Payload.Span)).Distinct().Order().Take(count)];
    }

    public async ValueTask<int> GuestsAsync(RoomKey room, CancellationToken cancellationToken)
    {
        var answers = await AskAsync(await NodesOfAsync(room, cancellationToken), QuestionTypes.RoomGuests, new RoomQuestion(room, 0), cancellationToken);
        return (int)answers.Sum(answer => Numbers.Read(answer.Payload.Span).FirstOrDefault());
    }

    public async ValueTask<bool> HasUserAsync(RoomKey room, long userId, CancellationToken cancellationToken)
    {
        var nodes = await NodesOfAsync(room, userId, cancellationToken);
        var answers = await AskAsync(nodes, QuestionTypes.RoomHasUser, new RoomQuestion(room, userId), cancellationToken);
        return answers.Count < nodes.Count || answers.Any(answer => Numbers.IsYes(answer.Payload.Span));
    }

    public async ValueTask<bool> HasSeenAsync(RoomKey room, long userId, CancellationToken cancellationToken)
    {
        var answers = await AskAsync([.. Others()], QuestionTypes.RoomHasSeen, new RoomQuestion(room, userId), cancellationToken);
        return answers.Any(answer => Numbers.IsYes(answer.Payload.Span));
    }

    private ValueTask<IReadOnlyList<NodeAnswer>> AskAsync(IReadOnlyCollection<long> nodes, byte type, RoomQuestion question, CancellationToken cancellationToken) =>
        node.AskAsync(nodes, type, question.ToBytes(), cancellationToken);

    /// <summary>As it is now: on one of them somebody may have come in a moment ago.</summary>
    private async ValueTask<IReadOnlyList<long>> NodesOfAsync(RoomKey room, CancellationToken cancellationToken) =>
        (await counts.ReadAsync(room, cancellationToken)).Nodes;

    /// <summary>The others where a user may be. Where a guest is nobody has written down.</summary>
    private async ValueTask<IReadOnlyList<long>> NodesOfAsync(RoomKey room, long userId, CancellationToken cancellationToken)
    {
        if (Ids.IsGuest(userId))
            return await NodesOfAsync(room, cancellationToken);
        var found = await sessions.FindAsync(new UserKey(room.AppId, userId), cancellationToken);
        return [.. found.Select(session => session.Node).Where(other => other != lease.Generation).Distinct()];
    }

    private IEnumerable<long> Others() => cluster.Nodes.Select(other => other.Generation).Where(other => other != lease.Generation);
}
