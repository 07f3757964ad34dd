using Sailfish.Server.Pacing;

namespace Sailfish.Server.Sessions;

/// <summary>How fast the frames of one connection are taken (docs/protocol.md, section 1), and how many in one go. The read loop's.</summary>
internal struct FramePace
{
    /// <summary>What a frame costs.</summary>
    public const int Frame = 64;

    /// <summary>What a piece of a WebSocket message costs, if it brings bytes: a message may come byte by byte.</summary>
    public const int Fragment = 1;

    /// <summary>What is taken in one go, before others have their turn.</summary>
    private const int FramesATurn = 128;

    private static readonly Rate BeforeLogin = new(2 * Frame, 10 * Frame);
    private static readonly Rate LoggedIn = new(200 * Frame, 400 * Frame);

    private Pace _beforeLogin;
    private Pace _loggedIn;
    private int _turn;

    /// <summary>The connection has nothing more to be taken, or others had their turn.</summary>
    public void BeginTurn() => _turn = 0;

    /// <summary>True when the next frame may follow at once; else it has to wait for others, and for <paramref name="pause"/>.</summary>
    public bool Take(int cost, bool isLoggedIn, TimeProvider time, out TimeSpan pause)
    {
        pause = cost == 0 ? TimeSpan.Zero
            : isLoggedIn ? Take(ref _loggedIn, LoggedIn, cost, 20 * Frame, Moment.Of(time))
            : Take(ref _beforeLogin, BeforeLogin, cost, Frame, Moment.Of(time));
        return pause == TimeSpan.Zero && ++_turn < FramesATurn;
    }

    /// <summary>A pause ends when <paramref name="next"/> may follow at once: a timer for each frame would cost more than the frame.</summary>
    private static TimeSpan Take(ref Pace pace, Rate rate, int cost, int next, Moment now)
    {
        pace.Take(rate, cost, now);
        return pace.WaitFor(rate, Frame, now) > TimeSpan.Zero ? pace.WaitFor(rate, next, now) : TimeSpan.Zero;
    }
}
