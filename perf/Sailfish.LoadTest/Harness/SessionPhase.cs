namespace Sailfish.LoadTest.Harness;

/// <summary>How far a session has come.</summary>
internal enum SessionPhase
{
    Opening,
    LoggingIn,
    Joining,
    Ready,
    Ended,
}
