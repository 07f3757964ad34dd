namespace Sailfish.IntegrationTests.Harness;

/// <summary>What can be wrong with histories.</summary>
internal enum FaultKind
{
    /// <summary>A message that was receipted is not in the log, or not at its place.</summary>
    Lost,

    /// <summary>A seq that the log does not have, or that a client was not brought and not told of.</summary>
    Gap,

    /// <summary>A message came behind one that stands behind it.</summary>
    Reordered,

    /// <summary>One message under two ids, or one id at two places.</summary>
    Doubled,

    /// <summary>One key of a sender is two messages.</summary>
    KeyTwice,

    /// <summary>One key was receipted with two places.</summary>
    ReceiptChanged,

    /// <summary>A client got what the log does not have.</summary>
    Invented,

    /// <summary>A client never got what the log has, neither by itself nor by SYNC.</summary>
    Missed,

    /// <summary>A client was told what must not happen.</summary>
    Wrong,
}

/// <summary>Something that is wrong with a history.</summary>
/// <param name="Kind">What.</param>
/// <param name="User">Whose history; 0 for the log.</param>
/// <param name="Text">More about it.</param>
internal sealed record HistoryFault(FaultKind Kind, long User, string Text);
