namespace Sailfish.Server.Cluster.Postgres;

/// <summary>Puts frames that came in parts together. The parts of one frame come one after the other, or the rest never comes.</summary>
internal sealed class NotifyParts(int maxBytes)
{
    private readonly List<byte[]> _parts = [];
    private (int Process, string Channel) _from;
    private int _length;

    /// <summary>A whole frame; null when there is more to come, or nothing that can be a frame.</summary>
    public ReadOnlyMemory<byte>? Add(int process, string channel, byte[] bytes, bool isLast)
    {
        if (_parts.Count > 0 && _from != (process, channel))
            Forget();
        if (isLast && _parts.Count == 0)
            return bytes;
        _from = (process, channel);
        _parts.Add(bytes);
        _length += bytes.Length;
        if (!isLast && _length <= maxBytes)
            return null;
        // With its type: a null that is an array's would become an empty frame.
        var frame = _length <= maxBytes ? Joined() : (ReadOnlyMemory<byte>?)null;
        Forget();
        return frame;
    }

    private byte[] Joined() => [.. _parts.SelectMany(part => part)];

    private void Forget()
    {
        _parts.Clear();
        _length = 0;
    }
}
