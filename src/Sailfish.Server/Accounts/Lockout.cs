using Microsoft.Extensions.Options;

namespace Sailfish.Server.Accounts;

/// <summary>Wrong passwords in memory: a restart forgives.</summary>
internal sealed class Lockout(IOptions<AccountOptions> options, TimeProvider time) : ILockout
{
    /// <summary>From all addresses together so many times as many attempts, and a lock so many times as long.</summary>
    public const int AllFactor = 10;

    /// <summary>In the place of a source: all addresses together.</summary>
    public const string All = "";

    /// <summary>Entries remembered; beyond it the oldest is forgotten.</summary>
    private const int MaxEntries = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string Source), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = [];

    public ValueTask<LockoutAttempt> BeginAsync(string name, string? device, string address) => new(Begin(name, device, address));

    public ValueTask SucceededAsync(LockoutAttempt attempt)
    {
        lock (_lock)
        {
            Remove((attempt.Name, attempt.Source));
            if (attempt.IsCountedForAll)
                GiveBack((attempt.Name, All));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CancelledAsync(LockoutAttempt attempt)
    {
        lock (_lock)
        {
            GiveBack((attempt.Name, attempt.Source));
            if (attempt.IsCountedForAll)
                GiveBack((attempt.Name, All));
        }

        return ValueTask.CompletedTask;
    }

    private LockoutAttempt Begin(string name, string? device, string address)
    {
        lock (_lock)
        {
            var source = device ?? address;
            if ((WaitOf((name, source), 1) ?? (device is null ? WaitOf((name, All), AllFactor) : null)) is { } wait)
                return new LockoutAttempt(name, source, false, wait);
            Count((name, source));
            if (device is null)
                Count((name, All));
            return new LockoutAttempt(name, source, IsCountedForAll: device is null, null);
        }
    }

    /// <summary>How long it stays locked; null when it is not.</summary>
    private TimeSpan? WaitOf((string Name, string Source) key, int factor)
    {
        if (!_entries.TryGetValue(key, out var node))
            return null;
        var left = TimeSpan.FromSeconds((double)options.Value.LockSeconds * factor) - time.GetElapsedTime(node.Value.Since);
        if (left <= TimeSpan.Zero)
        {
            Remove(key);
            return null;
        }

        return node.Value.Attempts >= options.Value.MaxFailures * factor ? left : null;
    }

    private void Count((string Name, string Source) key)
    {
        if (_entries.TryGetValue(key, out var node))
            _byAge.Remove(node);
        else
            node = _entries[key] = new LinkedListNode<Entry>(new Entry(key));
        node.Value.Attempts++;
        node.Value.Since = time.GetTimestamp();
        _byAge.AddLast(node);
        if (_entries.Count > MaxEntries)
            Remove(_byAge.First!.Value.Key);
    }

    private void GiveBack((string Name, string Source) key)
    {
        if (_entries.TryGetValue(key, out var node) && --node.Value.Attempts <= 0)
            Remove(key);
    }

    private void Remove((string Name, string Source) key)
    {
        if (_entries.Remove(key, out var node))
            _byAge.Remove(node);
    }

    private sealed class Entry((string Name, string Source) key)
    {
        public (string Name, string Source) Key { get; } = key;

        public int Attempts { get; set; }

        /// <summary>The last attempt's time stamp.</summary>
        public long Since { get; set; }
    }
}
