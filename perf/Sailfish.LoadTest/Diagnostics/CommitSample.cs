namespace Sailfish.LoadTest.Diagnostics;

/// <summary>Transactions that the server's log committed in the interval before a time, and the writes in them.</summary>
internal readonly record struct CommitSample(DateTime At, long Commits, double Writes);
