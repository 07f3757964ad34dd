namespace Sailfish.LoadTest;

/// <summary>The run cannot go on; the message says why, to a person.</summary>
internal sealed class LoadTestException(string message) : Exception(message);
