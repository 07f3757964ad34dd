using System.Runtime.InteropServices;

namespace Sailfish.LoadTest.Net;

/// <summary><c>struct timeval</c> on 64-bit systems.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimeValue
{
    internal const int Size = 16;

    private readonly long _seconds;
    private readonly long _microseconds;

    internal TimeValue(long seconds)
    {
        _seconds = seconds;
        _microseconds = 0;
    }
}
