using System.Diagnostics;
using Sailfish.LoadTest.Net;

namespace Sailfish.LoadTest.Video;

/// <summary>Somebody who reads until the first picture, and then never again; when it is cut, it comes back.</summary>
internal sealed class DeadViewer : Viewer
{
    /// <summary>What a server may do is cut a viewer that takes nothing for half a minute, and no sooner.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary>The least that the kernel gives.</summary>
    private const int LeastBuffer = 2304;

    private readonly Crowd _crowd;
    private long _deadSince;

    internal DeadViewer(Crowd crowd, VideoTarget target)
        : base(crowd, target) => (_crowd, ReceiveBuffer, EndsWhilePaused) = (crowd, LeastBuffer, true);

    internal void Reopen(Poller poller, Watch watch)
    {
        IsPaused = false;
        Open(poller, watch);
    }

    internal override void OnClosed()
    {
        if (IsPaused && Stopwatch.GetElapsedTime(_deadSince) > Patience)
            _crowd.CountCut(this);
        else
            base.OnClosed();
    }

    protected override void OnFirstPicture()
    {
        IsPaused = true;
        _deadSince = Stopwatch.GetTimestamp();
    }
}
