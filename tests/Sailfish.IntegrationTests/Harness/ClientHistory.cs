namespace Sailfish.IntegrationTests.Harness;

/// <summary>All that one user's client did and saw, in its order.</summary>
internal sealed class ClientHistory(long userId)
{
    private readonly List<HistoryEvent> _events = [];

    public long UserId => userId;

    public IReadOnlyList<HistoryEvent> Events
    {
        get
        {
            lock (_events)
                return _events.ToArray();
        }
    }

    public void Add(HistoryEvent seen)
    {
        lock (_events)
            _events.Add(seen);
    }

    public void Add(Seen what, string conversation = "", long seq = 0, string msgId = "", string key = "") =>
        Add(new HistoryEvent(what, conversation, seq, msgId, key));
}
