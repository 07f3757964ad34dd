namespace Sailfish.LoadTest.Diagnostics;

/// <summary>What the server's runtime had allocated, since it started, at a time.</summary>
internal readonly record struct RuntimeSample(DateTime At, long AllocatedBytes);
