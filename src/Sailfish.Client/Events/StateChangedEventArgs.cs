namespace Sailfish.Client;

/// <summary>The client's state changed.</summary>
/// <param name="state">The state now.</param>
/// <param name="reason">Why; null where nothing went wrong.</param>
public sealed class StateChangedEventArgs(SailfishState state, string? reason) : EventArgs
{
    /// <summary>The state now.</summary>
    public SailfishState State { get; } = state;

    /// <summary>Why: a stable word or a sentence; null where nothing went wrong.</summary>
    public string? Reason { get; } = reason;
}
