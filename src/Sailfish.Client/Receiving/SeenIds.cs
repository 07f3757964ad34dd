namespace Sailfish.Client.Receiving;

/// <summary>The names of the newest messages, a bounded number of them.</summary>
internal sealed class SeenIds(int capacity)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public bool Contains(string id) => _ids.Contains(id);

    /// <summary>Remembers a name; false when it is known already.</summary>
    public bool Add(string id)
    {
        if (!_ids.Add(id))
            return false;
        _order.Enqueue(id);
        if (_order.Count > capacity)
            _ids.Remove(_order.Dequeue());
        return true;
    }
}
