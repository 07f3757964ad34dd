using System.Diagnostics;

namespace Sailfish.LoadTest.Harness;

/// <summary>Sends each session's heartbeat once in 30 s, spread evenly, as a crowd of real clients does.</summary>
internal sealed class HeartbeatPacer(IReadOnlyList<Session> sessions)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private long _lastTick = Stopwatch.GetTimestamp();
    private double _due;
    private int _next;

    internal void Tick()
    {
        var now = Stopwatch.GetTimestamp();
        _due += sessions.Count * (Stopwatch.GetElapsedTime(_lastTick, now) / Interval);
        _lastTick = now;
        for (; _due >= 1; _due--)
        {
            _next = (_next + 1) % sessions.Count;
            sessions[_next].SendHeartbeat();
        }
    }
}
