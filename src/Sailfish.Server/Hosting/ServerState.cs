namespace Sailfish.Server.Hosting;

/// <summary>Whether the server takes traffic.</summary>
internal sealed class ServerState
{
    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStarted;
    private volatile bool _isDraining;

    public bool IsReady => _isStarted && !_isDraining;

    /// <summary>For good: also while it drains.</summary>
    public bool IsStarted => _isStarted;

    public bool IsDraining => _isDraining;

    /// <summary>Done when it begins to drain.</summary>
    public Task WhenDraining => _draining.Task;

    public void Started() => _isStarted = true;

    public void Draining()
    {
        _isDraining = true;
        _draining.TrySetResult();
    }
}
