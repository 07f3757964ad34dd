using Sailfish.Server.Messaging;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>How many messages wait for a user.</summary>
internal sealed class UnackedCounter(IMessageLog log, IPositionStore positions, AckTable acks)
{
    /// <summary>Counting ends here in each conversation.</summary>
    private const int MaxCount = 10_000;

    /// <summary>By conversation, those that have any.</summary>
    public async ValueTask<Dictionary<string, long>> CountAsync(UserKey user, CancellationToken cancellationToken)
    {
        Dictionary<string, long> counts = [];
        foreach (var row in await log.ListBehindAsync(user.AppId, user.UserId, cancellationToken))
        {
            var position = acks.Position(row.Id, user.UserId, row.AckedSeq);
            var seqs = await positions.ListForeignSeqsAsync(row.Id, user.UserId, position, MaxCount, cancellationToken);
            var count = seqs.Count(seq => !acks.IsAcked(row.Id, user.UserId, seq));
            if (count > 0)
                counts[row.Key.Name] = count;
        }

        return counts;
    }
}
