using System.Diagnostics;

namespace Sailfish.Media.Rtmp;

/// <summary>
/// What a peer asks to publish. Both texts are secret, for people paste their stream key into either field of their program:
/// they are for no log, and neither <see cref="object.ToString"/> nor the debugger's list shows them.
/// </summary>
[DebuggerDisplay("publish")]
public sealed class RtmpPublish
{
    /// <summary>A request with both texts as sent.</summary>
    public RtmpPublish(string app, string streamName)
    {
        App = app;
        StreamName = streamName;
    }

    /// <summary>
    /// <c>app</c> of the command connect (RTMP 1.0, section 7.2.1.1), as sent: not unescaped, with its query. Empty when there was
    /// none.
    /// </summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string App { get; }

    /// <summary>The publishing name of the command publish (section 7.2.2.6), as sent: not unescaped, with its query. May be empty.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string StreamName { get; }
}
