namespace Sailfish.Client.Receiving;

/// <summary>How far one conversation was delivered, and what waits for a gap to be filled.</summary>
internal sealed class ConversationState(string name)
{
    public string Name { get; } = name;

    public bool IsRoom { get; } = name.StartsWith("r:", StringComparison.Ordinal);

    /// <summary>Everything from <see cref="Floor"/> + 1 up to here was delivered; null until the first is.</summary>
    public long? Last { get; private set; }

    /// <summary>Where this client's knowledge begins: what stands at or before it is not known by seq.</summary>
    public long Floor { get; private set; }

    /// <summary>The newest seq that is known to exist.</summary>
    public long Newest { get; private set; }

    /// <summary>The oldest seq that was seen; 0 before the first.</summary>
    public long Oldest { get; private set; }

    /// <summary>Whether nothing at or before <see cref="Floor"/> can be undelivered, so that an ack may cover it.</summary>
    public bool Solid { get; set; }

    /// <summary>Up to here a jump is no gap: history that begins later than asked for.</summary>
    public long LooseUpTo { get; set; }

    /// <summary>Whether the pull under way opened this conversation, so that a jump in the pull is an own message.</summary>
    public bool OpenedByPull { get; set; }

    /// <summary>What waits, by seq; null stands for an own message that is known by its receipt only.</summary>
    public SortedDictionary<long, SailfishMessage?> Held { get; } = [];

    /// <summary>Where the reader acknowledges: what was handed over and is not done with, with its seq by msgId.</summary>
    public Dictionary<string, long> Unconfirmed { get; } = new(StringComparer.Ordinal);

    /// <summary>Everything up to here was delivered and done with.</summary>
    public long Confirmed => Unconfirmed.Count == 0 ? Last ?? 0 : Math.Min(Last ?? 0, Unconfirmed.Values.Min() - 1);

    /// <summary>For choosing which conversations to forget.</summary>
    public long Touched { get; set; }

    /// <summary>Whether the server said that it skipped messages, without saying which.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>How far it was delivered when the connection there is now began; 0 when it was unknown then.</summary>
    public long LastAtConnect { get; set; }

    public bool IsBehind => Newest > (Last ?? 0);

    public void Start(long last, bool solid)
    {
        Floor = last;
        Last = last;
        Solid = solid || last == 0;
    }

    public void Advance(long seq) => Last = seq;

    /// <summary>Goes on behind a gap. What a server did not give may exist all the same: no acknowledgement may cover it.</summary>
    public void Skip(long last)
    {
        if (IsRoom)
            Advance(last);
        else
            Start(last, solid: false);
    }

    public void Saw(long seq)
    {
        Newest = Math.Max(Newest, seq);
        Oldest = Oldest == 0 ? seq : Math.Min(Oldest, seq);
    }

    /// <summary>The server's numbering began anew.</summary>
    public void Restart(long last)
    {
        Newest = last;
        LastAtConnect = last;
        Start(last, solid: false);
    }
}
