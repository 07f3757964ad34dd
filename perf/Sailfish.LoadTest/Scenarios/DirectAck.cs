namespace Sailfish.LoadTest.Scenarios;

/// <summary>How often receivers ack; both ways cumulatively.</summary>
internal enum DirectAck
{
    Each,
    Read,
}
