using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>
/// Stands between two frames of a connection: the next one is taken when the client reads its answers, keeps the pace,
/// and others had their turn. Until then nothing is read, which the client's own socket tells it.
/// </summary>
internal sealed class FrameGate(GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>Completes when the next frame may be taken, after one that counts as <paramref name="cost"/>.</summary>
    public ValueTask PassAsync(Connection connection, int cost)
    {
        // Who is gone cannot flood: what was under way is taken at once, and the end found.
        var mayFollow = connection.Pace.Take(connection.Outbox.IsBroken ? 0 : cost, connection.Session is not null, time, out var pause);
        return mayFollow && !connection.Outbox.IsCrowded ? ValueTask.CompletedTask : WaitAsync(connection, pause);
    }

    /// <summary>A timer is made for a pause alone, and it is short: a connection that is closed meanwhile ends with it.</summary>
    private async ValueTask WaitAsync(Connection connection, TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            metrics.Paused();
            await Task.Delay(pause, time, CancellationToken.None);
        }
        else
        {
            // To the end of the pool's queue, out of the thread that takes the sockets' events.
            await Task.Yield();
        }

        // Once, not until it is so: pushes may fill it again at once, and one frame for each flush must be taken.
        await connection.Outbox.WhenUncrowdedAsync();
        connection.Pace.BeginTurn();
    }
}
