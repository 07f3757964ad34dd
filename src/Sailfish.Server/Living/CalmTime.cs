using Sailfish.Server.Nodes;

namespace Sailfish.Server.Living;

/// <summary>
/// Since when the store has answered in time, and lost nothing, while this node led. Just after an outage anchors look as if they
/// had been away: their nodes could not note them.
/// </summary>
internal sealed class CalmTime(TimeProvider time) : INodeListener
{
    /// <summary>Three times what a node takes to note its anchors again.</summary>
    public static readonly TimeSpan Needed = TimeSpan.FromSeconds(15);

    /// <summary>An answer that takes longer is an outage that has just ended.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <summary>A timestamp; 0 while it is not calm.</summary>
    private long _since;

    public bool IsLongEnough => Interlocked.Read(ref _since) is var since and not 0 && time.GetElapsedTime(since) >= Needed;

    /// <summary>Asks for the lead; it is calm from the first time on that it is had, until something is wrong.</summary>
    public async Task<bool> LeadAsync(Func<ValueTask<bool>> lead)
    {
        var asked = time.GetTimestamp();
        try
        {
            if (await lead() && time.GetElapsedTime(asked) < Slow)
            {
                Interlocked.CompareExchange(ref _since, time.GetTimestamp(), 0);
                return true;
            }
        }
        catch
        {
            End();
            throw;
        }

        End();
        return false;
    }

    public void End() => Interlocked.Exchange(ref _since, 0);

    public Task EraBegunAsync(CancellationToken cancellationToken)
    {
        End();
        return Task.CompletedTask;
    }

    public Task GivenUpAsync(CancellationToken cancellationToken) => EraBegunAsync(cancellationToken);
}
