namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Which of the other nodes are given up: those whose lease has stood as it is while this node renewed its own again and again.
/// No clock but the monotonic one here has a say in it, so none that jumps, or goes wrong, can end a node.
/// </summary>
internal sealed class LeaseWatch(TimeProvider time)
{
    /// <summary>How long a lease must have stood: a second more than it holds.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(9);

    /// <summary>Own renewals in that time: as often could the other one have renewed.</summary>
    private const int Renewals = 3;

    /// <summary>How long this node must have had its lease: after an outage the others need time to renew theirs.</summary>
    private static readonly TimeSpan Unbroken = TimeSpan.FromSeconds(10);

    private readonly Dictionary<long, Sighting> _seen = [];
    private long? _since;

    /// <summary>The lease of this node had ended, or the database has lost who is where: it begins to look anew.</summary>
    public void Forget()
    {
        _since = null;
        _seen.Clear();
    }

    /// <summary>To be asked with each renewal.</summary>
    /// <param name="others">All nodes but this one.</param>
    public IReadOnlyList<NodeRow> Look(IReadOnlyCollection<NodeRow> others)
    {
        var now = time.GetTimestamp();
        _since ??= now;
        foreach (var gone in _seen.Keys.Except(others.Select(node => node.Generation)).ToList())
            _seen.Remove(gone);
        foreach (var node in others)
        {
            var isSame = _seen.TryGetValue(node.Generation, out var last) && last.LeaseUntil == node.LeaseUntil;
            _seen[node.Generation] = isSame ? last with { Renewals = last.Renewals + 1 } : new Sighting(node.LeaseUntil, now, 0);
        }

        return time.GetElapsedTime(_since.Value, now) < Unbroken ? [] : [.. others.Where(node => IsSilent(node, now))];
    }

    /// <summary>A lease that is for ever is nobody's to end.</summary>
    private bool IsSilent(NodeRow node, long now) =>
        _seen[node.Generation] is var seen && seen.Renewals >= Renewals && time.GetElapsedTime(seen.Since, now) >= Silence && node.LeaseUntil != DateTime.MaxValue;

    /// <param name="LeaseUntil">What the row said.</param>
    /// <param name="Since">When it was first seen, a timestamp.</param>
    /// <param name="Renewals">Own ones since, at which it said the same.</param>
    private readonly record struct Sighting(DateTime LeaseUntil, long Since, int Renewals);
}
