namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// Rows of <c>unread</c> that are known to be there, so that a message for somebody who has others waiting writes none. What
/// is not known is written once more. The writer's alone.
/// </summary>
internal sealed class WaitingRows
{
    /// <summary>Rows remembered before all are forgotten; about 40 bytes each.</summary>
    private const int MaxKnown = 200_000;

    private readonly HashSet<(long ConversationId, long UserId)> _known = [];

    /// <summary>False when the row is there already.</summary>
    public bool Add(long conversationId, long userId)
    {
        if (_known.Count >= MaxKnown)
            _known.Clear();
        return _known.Add((conversationId, userId));
    }

    /// <summary>The row was deleted.</summary>
    public void Remove(long conversationId, long userId) => _known.Remove((conversationId, userId));

    /// <summary>A transaction did not commit: what it wrote is not there, what it deleted is.</summary>
    public void Forget() => _known.Clear();
}
