using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Wrong passwords by name, whether or not the name exists: so a lock tells nothing about who has an account. In memory;
/// a restart forgives.
/// </summary>
internal sealed class Lockout(IOptions<AccountOptions> options, TimeProvider time)
{
    /// <summary>Names remembered; beyond it all are forgotten rather than memory taken without end.</summary>
    private const int MaxNames = 100_000;

    private readonly ConcurrentDictionary<string, (int Failures, long Since)> _failures = new();

    public bool IsLocked(string name) =>
        _failures.TryGetValue(NameKey.Of(name), out var entry) && entry.Failures >= options.Value.MaxFailures && !IsOver(entry.Since);

    public void Failed(string name)
    {
        if (_failures.Count > MaxNames)
            _failures.Clear();
        var now = time.GetTimestamp();
        _failures.AddOrUpdate(NameKey.Of(name), (1, now), (_, entry) => IsOver(entry.Since) ? (1, now) : (entry.Failures + 1, now));
    }

    public void Succeeded(string name) => _failures.TryRemove(NameKey.Of(name), out _);

    private bool IsOver(long since) => time.GetElapsedTime(since) > TimeSpan.FromSeconds(options.Value.LockSeconds);
}
