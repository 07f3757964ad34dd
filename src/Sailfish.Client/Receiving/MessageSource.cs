namespace Sailfish.Client.Receiving;

/// <summary>How a message came.</summary>
internal enum MessageSource
{
    /// <summary>Pushed, or the history after a JOIN.</summary>
    Push,

    /// <summary>By a SYNC without <c>after</c>: one-to-one messages past the acked position, own ones left out.</summary>
    Pull,

    /// <summary>By a SYNC with <c>after</c>: every seq, own messages too.</summary>
    Repair,
}
