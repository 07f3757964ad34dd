using Sailfish.Protocol.Bodies;

namespace Sailfish.Server.Sessions;

/// <summary>Sends everybody away who is logged in: each is told a time of his own to come back, so that other nodes are not overrun.</summary>
internal sealed class SessionExodus(ConnectionTable connections, TimeProvider time)
{
    /// <summary>Over which they come back.</summary>
    private const int SpreadMilliseconds = 10_000;

    /// <summary>After this the rest are cut.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WholeLimit = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>When somebody comes back who was sent away alone.</summary>
    public static long Soon() => Random.Shared.Next(1000, 5000);

    /// <summary>Done when all sessions have ended, or after a while.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        // Again and again: somebody may be logging in.
        while (connections.All().Where(c => c.Session is not null).ToList() is { Count: > 0 } left && time.GetElapsedTime(began) < WholeLimit)
        {
            var isLate = time.GetElapsedTime(began) > Limit;
            foreach (var connection in left)
            {
                connection.CloseWithBye(ByeReason.Draining, Random.Shared.Next(SpreadMilliseconds));
                if (isLate)
                    connection.Abort("The node gives up its sessions.");
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
