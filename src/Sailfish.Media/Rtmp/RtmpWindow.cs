namespace Sailfish.Media.Rtmp;

/// <summary>Which bytes of the peer are to be acknowledged (RTMP 1.0, sections 5.4.3 and 5.4.4).</summary>
internal sealed class RtmpWindow
{
    private long _size = RtmpReplies.Window;
    private long _acknowledged;

    /// <summary>All bytes that have come, those of the handshake among them.</summary>
    public long Received { get; private set; }

    /// <summary>The peer waits for an acknowledgement when it has sent so many bytes; 0 is nonsense and changes nothing.</summary>
    public void Resize(uint size) => _size = size == 0 ? _size : size;

    /// <summary>
    /// Counts bytes; true when an acknowledgement is due: at half of the window, so that a peer that counts from another byte
    /// than we do does not stand still.
    /// </summary>
    public bool Count(long bytes)
    {
        Received += bytes;
        if (Received - _acknowledged < Math.Max(_size / 2, 1))
            return false;
        _acknowledged = Received;
        return true;
    }
}
