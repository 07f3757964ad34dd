namespace Sailfish.LoadTest.Diagnostics;

/// <summary>What a counter of the server, such as the bytes that its runtime has allocated, had come to at a time.</summary>
internal readonly record struct RuntimeSample(DateTime At, long Sum);
