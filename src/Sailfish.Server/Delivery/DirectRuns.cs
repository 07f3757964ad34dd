using System.Diagnostics.CodeAnalysis;

namespace Sailfish.Server.Delivery;

/// <summary>The one-to-one conversations that something was said in lately, by age. The dispatcher's loop's.</summary>
internal sealed class DirectRuns(TimeProvider time)
{
    /// <summary>Conversations that are remembered; about 150 bytes each.</summary>
    public const int MaxCount = 200_000;

    /// <summary>So long after its last message a conversation is forgotten.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, DirectRun> _runs = [];
    private readonly LinkedList<DirectRun> _byAge = new();

    public int Count => _runs.Count;

    public bool TryFind(long conversationId, [MaybeNullWhen(false)] out DirectRun run)
    {
        if (!_runs.TryGetValue(conversationId, out run))
            return false;
        var now = time.GetTimestamp();
        if (IsOld(run, now))
        {
            Remove(run);
            return false;
        }

        Use(run, now);
        return true;
    }

    public DirectRun Add(long conversationId)
    {
        var now = time.GetTimestamp();
        ForgetOld(now);
        var run = new DirectRun(conversationId) { UsedAt = now };
        run.Place = _byAge.AddLast(run);
        _runs.Add(conversationId, run);
        return run;
    }

    public void Remove(DirectRun run)
    {
        if (_runs.Remove(run.ConversationId))
            _byAge.Remove(run.Place!);
    }

    public void Clear()
    {
        _runs.Clear();
        _byAge.Clear();
    }

    private void Use(DirectRun run, long now)
    {
        run.UsedAt = now;
        _byAge.Remove(run.Place!);
        _byAge.AddLast(run.Place!);
    }

    private bool IsOld(DirectRun run, long now) => run.Gap is null && time.GetElapsedTime(run.UsedAt, now) >= Kept;

    /// <summary>Two at most: so what one adds never costs much, and the old ones go faster than others come.</summary>
    private void ForgetOld(long now)
    {
        for (var i = 0; i < 2 && _byAge.First?.Value is { } oldest; i++)
        {
            if (oldest.Gap is not null)
                Use(oldest, now);
            else if (_runs.Count >= MaxCount || IsOld(oldest, now))
                Remove(oldest);
        }
    }
}
