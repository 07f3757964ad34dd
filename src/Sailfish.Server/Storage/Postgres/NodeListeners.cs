using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Tells what becomes of this node and of the others, one thing after the other, beside the renewals: whoever takes his time
/// with it costs no lease. What one of them fails at is told to the others all the same.
/// </summary>
internal sealed class NodeListeners(IEnumerable<INodeListener> listeners, ILogger<NodeListeners> logger) : IDisposable
{
    private readonly INodeListener[] _listeners = [.. listeners];
    private CancellationTokenSource _life = new();
    private Task _telling = Task.CompletedTask;

    /// <summary>Completes when all have been told.</summary>
    public Task BegunAsync()
    {
        var life = _life.Token;
        return TellAsync(listener => listener.BegunAsync(life));
    }

    public void EraBegun()
    {
        var life = _life.Token;
        _ = TellAsync(listener => listener.EraBegunAsync(life));
    }

    public void NodesGone(IReadOnlyList<long> generations) => _ = TellAsync(listener =>
    {
        listener.NodesGone(generations);
        return Task.CompletedTask;
    });

    /// <summary>Completes when all have ended what they must; what is still being told ends before.</summary>
    public async Task GivenUpAsync(CancellationToken cancellationToken)
    {
        await EndAsync();
        _life.Dispose();
        _life = new CancellationTokenSource();
        await TellAsync(listener => listener.GivenUpAsync(cancellationToken));
    }

    /// <summary>Ends what is being told.</summary>
    public async Task EndAsync()
    {
        await _life.CancelAsync();
        await _telling;
    }

    public void Dispose() => _life.Dispose();

    private Task TellAsync(Func<INodeListener, Task> tell) => _telling = TellAsync(_telling, tell);

    private async Task TellAsync(Task before, Func<INodeListener, Task> tell)
    {
        await before;
        // Whoever renews goes on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        foreach (var listener in _listeners)
        {
            try
            {
                await tell(listener);
            }
#pragma warning disable CA1031 // the others are to hear of it, and the node goes on
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (failure is not OperationCanceledException || !_life.IsCancellationRequested)
                    PostgresLog.NotHeard(logger, failure, listener.GetType().Name);
            }
        }
    }
}
