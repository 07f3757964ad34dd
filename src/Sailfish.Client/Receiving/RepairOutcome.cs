namespace Sailfish.Client.Receiving;

/// <summary>How a conversation stands after a SYNC of it was answered in full.</summary>
internal enum RepairOutcome
{
    /// <summary>Nothing is known to be missing.</summary>
    Whole,

    /// <summary>Something is missing that the answer did not hold.</summary>
    Missing,
}
