namespace Sailfish.IntegrationTests.Harness;

/// <summary>Which seqs of a conversation a client has: all up to one, and some beyond it.</summary>
internal sealed class Progress(long begin = 0)
{
    private readonly HashSet<long> _beyond = [];

    /// <summary>All up to here are there.</summary>
    public long UpTo { get; private set; } = begin;

    public bool HasHole => _beyond.Count > 0;

    public void Note(long seq)
    {
        if (seq > UpTo)
            _beyond.Add(seq);
        while (_beyond.Remove(UpTo + 1))
            UpTo++;
    }
}
