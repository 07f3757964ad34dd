namespace Sailfish.LoadTest.Diagnostics;

/// <summary>The server's threads stood still for its collector.</summary>
/// <param name="At">When they went on.</param>
/// <param name="Length">How long they stood.</param>
/// <param name="IsFullBlocking">A collection of generation 2 that does not run beside the program.</param>
internal readonly record struct GcPause(DateTime At, TimeSpan Length, bool IsFullBlocking);
